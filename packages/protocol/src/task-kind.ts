/** What a task's kind may look like: a name with dots, colons, dashes or slashes between its parts. */
export const KIND = /^[A-Za-z0-9][A-Za-z0-9._:/-]*$/;
