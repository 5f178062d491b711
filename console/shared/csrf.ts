/**
 * Every request that a browser app makes carries this header. A form or an image on
 * another site cannot set it, so the server knows that the app itself has asked.
 */
export const CSRF_HEADER = { name: 'x-sekisho-csrf', value: '1' } as const;
