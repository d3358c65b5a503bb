export const s3 = 1;
