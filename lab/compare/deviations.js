/** The deviation that explains every field in which the row differs. */
export const knownDeviation = (deviations, row) => deviations.find((one) => one.matches(row));
/** True when the row differs in nothing but these fields. */
export const onlyIn = (row, ...fields) => row.differing.length > 0 && row.differing.every((field) => fields.includes(field));
