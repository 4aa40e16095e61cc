#include "check.h"

int checks_done, checks_failed;

/** No arguments: all checks. `fuzz SEED SECONDS`: that. Ends with 0 only when all is well. */
int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "fuzz") == 0) {
    fuzz_all((unsigned)strtoul(argv[2], NULL, 10), strtod(argv[3], NULL));
    return checks_failed != 0;
  }
  check_file_names();
  check_json();
  check_config();
  check_manifest();
  check_tar();
  check_texts();
  check_proxy_list();
  printf("%d checks, %d failed\n", checks_done, checks_failed);
  return checks_failed != 0;
}
