/* A version of the service that ends as soon as it is started. */
int wmain(void) { return 66; }
