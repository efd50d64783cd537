// The numbers of answers after which interviews are measured.

/** Those of the project's own simulation. */
const AFTER = [0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 50];

export const measuredAfter = (answers) => [...AFTER.filter((after) => after < answers), answers];
