export const S3_PORT = 7070;
/** An arbitrary region: signatures include it and the server checks it. */
export const S3_REGION = 'us-east-1';
export const S3_ADMINISTRATOR = 'nexos';
