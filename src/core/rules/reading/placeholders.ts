/** Stands where a fix cannot know an address; reserved for examples, so it never reaches a real machine. */
export const PLACEHOLDER_ADDRESS = 'k3s.example.com';

/** The same for a database. */
export const PLACEHOLDER_DATABASE = 'db.example.com';
