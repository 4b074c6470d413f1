// Rule ids and evidence grades. A rule is a statement about Windows with a source; events, findings
// and verdicts name the rules they rest on.
import { z } from 'zod';
export const RuleId = z.string().regex(/^R-(NOTIFY|SECTION|REDIRECT|FLT|IO)-[0-9]+$/);
/**
 * T a suite that runs on real Windows asserts it, D Microsoft documentation, C Microsoft sample code,
 * S a text that the lab grew from, 2 secondary, I inferred, U unsure. A prediction that rests on I or
 * U alone never makes a hard "differs".
 */
export const EvidenceGrade = z.enum(['T', 'D', 'C', 'S', '2', 'I', 'U']);
