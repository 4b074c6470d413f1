// The first part of the table of outcomes, and that the table is whole.
import { outcomesAreWhole, outcomesTable } from './testing/outcomesTable.ts';

outcomesAreWhole();
outcomesTable(0);
