// The second part of the table of outcomes.
import { outcomesTable } from './testing/outcomesTable.ts';

outcomesTable(1);
