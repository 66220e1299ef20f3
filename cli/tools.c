/* SPDX-License-Identifier: MIT */
/* The subcommands about images: asm, dis, verify, seal. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "vm/verify.h"

#include "opinfo.h"

/* -- Images ---------------------------------------------------------------- */

static int bad_image(const char *path, const RvDiag *d) {
  return rv_cli_fail(RV_EXIT_IMAGE, "%s: %s", path, d->text);
}

/* The image in a file; NULL and *code after a message. */
static RvImage *load(const char *path, int *code) {
  RvDiag d = {.rule = 0};
  u8 *bytes;
  size_t size;
  RvImage *img = NULL;
  *code = rv_cli_read(path, &bytes, &size);
  if (*code) return NULL;
  img = rv_image_read(bytes, size, &d);
  free(bytes);
  if (!img) *code = bad_image(path, &d);
  return img;
}

static int save(const char *path, const RvImage *img) {
  size_t size;
  u8 *bytes = rv_image_write(img, &size);
  if (!bytes) return rv_cli_fail(1, "not enough memory");
  int code = rv_cli_write(path, bytes, size);
  free(bytes);
  return code;
}

/* -- asm ------------------------------------------------------------------- */

static const char asm_usage[] =
    "usage: rove asm [--verify] [-o IMAGE] FILE\n"
    "  assembles FILE (`-`: standard input) into an image; without -o, a.rasm\n"
    "  becomes a.rove\n"
    "  --verify   checks that the image is safe to run, too\n"
    "exit codes: 0, 1 errors in FILE, 2 usage, 65 refused by --verify,\n"
    "  66 no such file\n";

/* a.rasm -> a.rove; malloc'd. */
static char *default_out(const char *file) {
  size_t n = strlen(file);
  if (n > 5 && strcmp(file + n - 5, ".rasm") == 0) n -= 5;
  char *out = malloc(n + 6);
  if (!out) return NULL;
  memcpy(out, file, n);
  memcpy(out + n, ".rove", 6);
  return out;
}

static int assemble(const RvArgs *a, const char *out) {
  const char *file = a->files[0];
  RvAsmDiag d;
  RvDiag refused = {.rule = 0};
  u8 *text;
  size_t size;
  int code = rv_cli_read(file, &text, &size);
  if (code) return code;
  RvImage *img = rv_asm_text(file, (const char *)text, size, &d);
  free(text);
  if (!img) {
    rv_cli_print_asm_errors(&d);
    return 1;
  }
  code = a->flag && !rv_verify_image(img, &refused) ? bad_image(file, &refused)
                                                    : save(out, img);
  rv_image_unref(img);
  return code;
}

int rv_cli_asm(int argc, char **argv) {
  RvArgs a;
  int code = rv_cli_parse(&a, 1, argc, argv, asm_usage, "--verify", true);
  if (code != RV_GO_ON) return code;
  if (a.out) return assemble(&a, a.out);
  if (strcmp(a.files[0], "-") == 0)
    return rv_cli_usage(asm_usage, "standard input needs -o", "");
  char *out = default_out(a.files[0]);
  if (!out) return rv_cli_fail(1, "not enough memory");
  code = assemble(&a, out);
  free(out);
  return code;
}

/* -- dis ------------------------------------------------------------------- */

static const char dis_usage[] =
    "usage: rove dis [--plain] [-o TEXT] IMAGE\n"
    "  writes IMAGE (`-`: standard input) as text that assembles to the same\n"
    "  image, to standard output or to TEXT\n"
    "  --plain    lists every table instead, for comparison and study\n"
    "exit codes: 0, 2 usage, 65 bad image, 66 no such file\n";

typedef struct Text {
  char *p;
  size_t n, size;
  bool nomem;
} Text;

static void add(void *ud, const char *p, size_t n) {
  Text *t = ud;
  if (t->nomem) return;
  if (n > t->size - t->n) {
    size_t size = (t->n + n) * 2;
    char *more = realloc(t->p, size);
    if (!more) {
      t->nomem = true;
      return;
    }
    t->p = more;
    t->size = size;
  }
  memcpy(t->p + t->n, p, n);
  t->n += n;
}

int rv_cli_dis(int argc, char **argv) {
  RvArgs a;
  Text t = {0};
  int code = rv_cli_parse(&a, 1, argc, argv, dis_usage, "--plain", true);
  if (code != RV_GO_ON) return code;
  RvImage *img = load(a.files[0], &code);
  if (!img) return code;
  if (!rv_dis(img, a.flag, add, &t) || t.nomem)
    code = rv_cli_fail(1, "not enough memory");
  else code = rv_cli_write(a.out ? a.out : "-", t.p, t.n);
  free(t.p);
  rv_image_unref(img);
  return code;
}

/* -- verify ---------------------------------------------------------------- */

static const char verify_usage[] =
    "usage: rove verify FILE...\n"
    "  checks whether each FILE, an image (`-`: standard input) or assembly,\n"
    "  is safe to run\n"
    "exit codes: 0 all are, 1 errors in assembly, 2 usage, 65 bad image,\n"
    "  66 no such file\n";

/* The image in a file, or of the text in it. */
static RvImage *load_any(const char *path, int *code) {
  RvAsmDiag errors;
  RvDiag d = {.rule = 0};
  u8 *bytes;
  size_t size, n = strlen(path);
  *code = rv_cli_read(path, &bytes, &size);
  if (*code) return NULL;
  bool text = n > 5 && strcmp(path + n - 5, ".rasm") == 0 &&
              !rv_image_is(bytes, size);
  RvImage *img = text ? rv_asm_text(path, (const char *)bytes, size, &errors)
                      : rv_image_read(bytes, size, &d);
  free(bytes);
  if (!img && text) {
    rv_cli_print_asm_errors(&errors);
    *code = 1;
  } else if (!img) {
    *code = bad_image(path, &d);
  }
  return img;
}

/* So that tests can show what each rule is good for: `verify` alone heeds
   ROVE_VERIFY_WITHOUT=RULE, and only in builds with checks. */
static void disable_rule(void) {
#ifdef RV_CHECK
  const char *name = getenv("ROVE_VERIFY_WITHOUT");
  for (int i = 0; name && i < RV_RULE_COUNT; i++)
    if (strcmp(rv_rule_name[i], name) == 0) rv_verify_disabled_rule = i;
#endif
}

static int verify_one(const char *path) {
  RvDiag d = {.rule = 0};
  int code;
  RvImage *img = load_any(path, &code);
  if (!img) return code;
  if (rv_verify_image(img, &d)) {
    printf("%s: ok\n", path);
  } else {
    code = bad_image(path, &d);
  }
  rv_image_unref(img);
  return code;
}

int rv_cli_verify(int argc, char **argv) {
  RvArgs a;
  int code = rv_cli_parse(&a, INT_MAX, argc, argv, verify_usage, NULL, false);
  if (code != RV_GO_ON) return code;
  code = 0;
  disable_rule();
  for (int i = 0; i < a.nfiles; i++) {
    int one = verify_one(a.files[i]);
    if (code == 0) code = one;
  }
  return rv_cli_end_stdout(code);
}

/* -- seal ------------------------------------------------------------------ */

static const char seal_usage[] =
    "usage: rove seal [-o OUT] IMAGE\n"
    "  recomputes the hashes of an edited IMAGE, in place or into OUT; what "
    "it\n"
    "  holds is not judged\n"
    "exit codes: 0, 2 usage, 65 no image or beyond repair, 66 no such file\n";

int rv_cli_seal(int argc, char **argv) {
  RvArgs a;
  RvDiag d = {.rule = 0};
  u8 *bytes;
  size_t size;
  int code = rv_cli_parse(&a, 1, argc, argv, seal_usage, NULL, true);
  if (code != RV_GO_ON) return code;
  const char *file = a.files[0];
  code = rv_cli_read(file, &bytes, &size);
  if (code) return code;
  code = rv_image_seal(bytes, size, &d)
             ? rv_cli_write(a.out ? a.out : file, bytes, size)
             : bad_image(file, &d);
  free(bytes);
  return code;
}
