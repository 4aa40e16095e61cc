#include "../../common/parse/file-name.h"
#include "check.h"

static const char *code_of(const char *name) {
  static char code[SESSION_CODE_DIGITS + 1];
  return code_from_file_name(name, code) ? code : "none";
}

static const char *token_of(const char *name) {
  static char token[INSTALLER_TOKEN_LENGTH + 1];
  return token_from_file_name(name, token) ? token : "none";
}

static const char *url_code(const char *url) {
  static char code[SESSION_CODE_DIGITS + 1];
  return code_from_url(url, code) ? code : "none";
}

static const char *typed_code(const char *text) {
  static char code[SESSION_CODE_DIGITS + 1];
  return code_from_typing(text, code) ? code : "none";
}

static void check_codes(void) {
  static const char *const good[] = {
      "GuruConnect-847291.exe",
      "C:\\Users\\Ada 123456\\Downloads\\GuruConnect-847291.exe",
      "GuruConnect-847291 (1).exe",
      "GuruConnect-847291(1).exe",
      "GuruConnect-847291[1].exe",
      "GuruConnect-847291 [12].exe",
      "GuruConnect-847291 - Copy.exe",
      "GuruConnect-847291 - Copy (2).exe",
      "GuruConnect-847291 - Kopie (2).exe",
      "GuruConnect-847291 - Kopie - Kopie.exe",
      "GuruConnect-847291 (1) - \xe5\x89\xaf\xe6\x9c\xac.exe",
      "GuruConnect-847291.EXE",
      "GuruConnect-847291.exe.exe",
      "GuruConnect-847291",
      "guruconnect-847291.exe",
      "Acme Support-847291.exe",
      "Hilfe-12-847291.exe",
  };
  static const char *const bad[] = {
      "",
      ".exe",
      "GuruConnect.exe",
      "847291.exe",
      "-847291.exe",
      "GuruConnect 847291.exe",
      "GuruConnect847291.exe",
      "GuruConnect-84729.exe",
      "GuruConnect-8472911.exe",
      "GuruConnect-847291-123456.exe",
      "GuruConnect-847291x.exe",
      "GuruConnect-847291.pdf.exe",
      "GuruConnect-847291 (x).exe",
      "GuruConnect-847291 ().exe",
      "GuruConnect-847291 (12345).exe",
      "GuruConnect-847291 copy.exe",
      "GuruConnect-847291 - Copy 3.exe",
      "GuruConnect-847291 (123456).exe",
      "GuruConnect-847 291.exe",
      "GuruConnect-84729\xd9\xa1.exe",
      "GuruConnect-\xef\xbc\x98\xef\xbc\x94\xef\xbc\x97\xef\xbc\x92\xef\xbc\x99\xef\xbc\x91.exe",
      "GuruConnect-847291\xe2\x80\xae.exe",
      "GuruConnect-847291.exe\\",
      "C:\\GuruConnect-847291\\GuruConnect.exe",
      "GuruConnect-%38%34%37%32%39%31.exe",
      "GuruConnect-847291;calc.exe",
      "GuruConnect-847291\n.exe",
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) CHECK_TEXT(code_of(good[i]), "847291");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    if (strcmp(code_of(bad[i]), "none") != 0) printf("from %s:\n", bad[i]);
    CHECK_TEXT(code_of(bad[i]), "none");
  }
}

static void check_long_names(void) {
  char *name = malloc(10241);
  memset(name, 'x', 10240);
  name[10240] = '\0';
  CHECK_TEXT(code_of(name), "none");
  CHECK_TEXT(token_of(name), "none");
  memcpy(name + 10240 - 11, "-847291.exe", 11);
  CHECK_TEXT(code_of(name), "none");
  memset(name, '\\', 10240 - 22);
  memcpy(name + 10240 - 22, "GuruConnect-847291.exe", 22);
  CHECK_TEXT(code_of(name), "847291");
  memset(name, '1', 10240);
  CHECK_TEXT(code_of(name), "none");
  free(name);
}

static void check_tokens(void) {
#define TOKEN "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
  CHECK_TEXT(token_of("GuruConnect-Setup-" TOKEN ".exe"), TOKEN);
  CHECK_TEXT(token_of("C:\\x\\GuruConnect-Setup-" TOKEN " (3).exe"), TOKEN);
  CHECK_TEXT(token_of("Acme-setup-" TOKEN "[1].exe"), TOKEN);
  CHECK_TEXT(token_of("GuruConnect-Setup-__-_" "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODk.exe"),
             "__-_" "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODk");
  CHECK_TEXT(token_of("GuruConnect-Setup-" TOKEN "A.exe"), "none");
  CHECK_TEXT(token_of("GuruConnect-Setup-short.exe"), "none");
  CHECK_TEXT(token_of("GuruConnect-" TOKEN ".exe"), "none");
  CHECK_TEXT(token_of("GuruConnect-Setup-" TOKEN " & calc.exe"), "none");
  CHECK_TEXT(token_of("GuruConnect-Setup-\"" TOKEN ".exe"), "none");
}

void check_file_names(void) {
  check_codes();
  check_long_names();
  check_tokens();
  CHECK_TEXT(url_code("guruconnect://session/847291"), "847291");
  CHECK_TEXT(url_code("GuruConnect://Session/847291/"), "847291");
  CHECK_TEXT(url_code("guruconnect://session/847291?x=1"), "none");
  CHECK_TEXT(url_code("guruconnect://session/847291\" --cleanup C:\\"), "none");
  CHECK_TEXT(url_code("guruconnect://session/../847291"), "none");
  CHECK_TEXT(url_code("guruconnect:847291"), "none");
  CHECK_TEXT(url_code("https://session/847291"), "none");
  CHECK_TEXT(url_code(""), "none");
  CHECK_TEXT(typed_code("847291"), "847291");
  CHECK_TEXT(typed_code(" 847-291 "), "847291");
  CHECK_TEXT(typed_code("84729"), "none");
  CHECK_TEXT(typed_code("8472911"), "none");
  CHECK_TEXT(typed_code("84729a"), "none");
}
