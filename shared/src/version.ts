/** Version of every part, which are released together; the same as in the package.json files, which a test checks. */
export const PRODUCT_VERSION = '0.1.0';
