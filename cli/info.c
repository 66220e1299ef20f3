/* SPDX-License-Identifier: MIT */
/* `rove info`: what is in an image, for people and as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembler/code.h"
#include "cli/cli.h"
#include "vm/verify.h"

static const char usage_text[] =
    "usage: rove info [--json] IMAGE\n"
    "  tells what is in IMAGE (`-`: standard input), damaged or not\n"
    "exit codes: 0, 2 usage, 65 bad image, 66 no such file\n";

/* All that there is to tell. img is NULL and `error` set when the image cannot
   be read or was refused. */
typedef struct Info {
  const char *file;
  const u8 *bytes;
  size_t size;
  RvImgLayout layout;
  RvImage *img;
  bool verified;
  RvDiag error;
  u64 words, constants; /* of all functions */
} Info;

/* -- Strings --------------------------------------------------------------- */

/* Bytes of the UTF-8 sequence at p, 0 when it is malformed. */
static u32 utf8_length(const u8 *p, size_t left) {
  u32 n = *p < 0x80 ? 1 : *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : 2;
  u32 c = n == 1 ? *p : *p & (0x7fu >> n);
  static const u32 least[] = {0, 0, 0x80, 0x800, 0x10000};
  if ((*p >= 0x80 && *p < 0xc2) || *p > 0xf4 || n > left) return 0;
  for (u32 i = 1; i < n; i++) {
    if ((p[i] & 0xc0) != 0x80) return 0;
    c = c << 6 | (p[i] & 0x3f);
  }
  return c >= least[n] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff) ? n : 0;
}

/* In quotes. JSON knows text only: bytes that are no UTF-8 come out as the
   characters of that number. */
static void put_string(const char *s, size_t len) {
  const u8 *p = (const u8 *)s;
  putchar('"');
  for (size_t i = 0; i < len;) {
    u32 n = utf8_length(p + i, len - i);
    if (n == 0 || p[i] < ' ' || p[i] == 0x7f) {
      printf("\\u%04x", p[i]);
      i++;
      continue;
    }
    if (p[i] == '"' || p[i] == '\\') putchar('\\');
    fwrite(p + i, 1, n, stdout);
    i += n;
  }
  putchar('"');
}

static void put_str(const RvImage *img, u32 i) {
  put_string(img->strs[i].p, img->strs[i].len);
}

/* -- For people ------------------------------------------------------------ */

static void print_layout(const Info *n) {
  const RvImgLayout *l = &n->layout;
  printf("format    version %u, %llu bytes, hash of the table %s\n", l->version,
         (unsigned long long)l->length, l->intact ? "good" : "BAD");
  if (l->must | l->may)
    printf("features  must 0x%08x, may 0x%08x\n", l->must, l->may);
  for (u32 i = 0; i < l->nsections; i++) {
    RvImgSection s;
    rv_image_section(n->bytes, n->size, i, &s);
    printf("section   %u %s: version %u, %llu bytes at %llu%s%s\n", s.kind,
           s.name ? s.name : "unknown", s.version, (unsigned long long)s.length,
           (unsigned long long)s.offset, s.flags & 1 ? "" : ", optional",
           s.intact ? "" : ", hash BAD");
  }
}

static void print_image(const Info *n) {
  const RvImage *img = n->img;
  if (img->name) {
    printf("name      ");
    put_str(img, img->name - 1);
    printf("\n");
  }
  for (u32 i = 0; i < img->nmodules; i++) {
    printf("module    ");
    put_str(img, img->modules[i].name);
    printf("%s\n", img->entry == i + 1 ? ", entry" : "");
  }
  for (u32 i = 0; i < img->nimports; i++) {
    const RvImport *p = &img->imports[i];
    printf("import    %s ", rva_import_kind[p->kind]);
    if (p->kind != RV_IMPORT_BUILTIN) {
      put_str(img, p->module);
      printf(" ");
    }
    put_str(img, p->name);
    if (p->kind == RV_IMPORT_BUILTIN) printf(" version %u", p->version);
    printf("\n");
  }
  printf("content   %u functions, %llu words, %llu constants, %u strings\n",
         img->nfuncs, (unsigned long long)n->words,
         (unsigned long long)n->constants, img->nstrs);
  printf("verified  %s\n", n->verified ? "yes" : "NO");
}

/* -- As JSON --------------------------------------------------------------- */

static void json_sections(const Info *n) {
  printf(",\n \"sections\": [");
  for (u32 i = 0; i < n->layout.nsections; i++) {
    RvImgSection s;
    rv_image_section(n->bytes, n->size, i, &s);
    printf("%s\n  {\"kind\": %u, \"name\": ", i ? "," : "", s.kind);
    if (s.name) {
      put_string(s.name, strlen(s.name));
    } else {
      printf("null");
    }
    printf(
        ", \"version\": %u, \"required\": %s, \"offset\": %llu, "
        "\"length\": %llu, \"intact\": %s}",
        s.version, s.flags & 1 ? "true" : "false", (unsigned long long)s.offset,
        (unsigned long long)s.length, s.intact ? "true" : "false");
  }
  printf("]");
}

static void json_image(const Info *n) {
  const RvImage *img = n->img;
  printf(",\n \"name\": ");
  if (img->name) {
    put_str(img, img->name - 1);
  } else {
    printf("null");
  }
  printf(",\n \"entry\": ");
  if (img->entry) {
    put_str(img, img->modules[img->entry - 1].name);
  } else {
    printf("null");
  }
  printf(",\n \"modules\": [");
  for (u32 i = 0; i < img->nmodules; i++) {
    printf(i ? ", " : "");
    put_str(img, img->modules[i].name);
  }
  printf("],\n \"imports\": [");
  for (u32 i = 0; i < img->nimports; i++) {
    const RvImport *p = &img->imports[i];
    printf("%s\n  {\"kind\": \"%s\", ", i ? "," : "", rva_import_kind[p->kind]);
    if (p->kind == RV_IMPORT_BUILTIN) {
      printf("\"version\": %u, ", p->version);
    } else {
      printf("\"module\": ");
      put_str(img, p->module);
      printf(", ");
    }
    printf("\"name\": ");
    put_str(img, p->name);
    printf("}");
  }
  printf(
      "],\n \"functions\": %u, \"words\": %llu, \"constants\": %llu, "
      "\"strings\": %u",
      img->nfuncs, (unsigned long long)n->words,
      (unsigned long long)n->constants, img->nstrs);
}

static void print_json(const Info *n, bool has_layout) {
  const RvImgLayout *l = &n->layout;
  printf("{\"file\": ");
  put_string(n->file, strlen(n->file));
  printf(", \"size\": %zu", n->size);
  if (has_layout) {
    printf(",\n \"version\": %u, \"intact\": %s, \"must\": %u, \"may\": %u",
           l->version, l->intact ? "true" : "false", l->must, l->may);
    json_sections(n);
  }
  if (n->img) json_image(n);
  printf(",\n \"verified\": %s, \"error\": ", n->verified ? "true" : "false");
  if (n->error.text[0]) {
    put_string(n->error.text, strlen(n->error.text));
  } else {
    printf("null");
  }
  printf("}\n");
}

/* -- The command ----------------------------------------------------------- */

static void look_inside(Info *n) {
  n->img = rv_image_read(n->bytes, n->size, &n->error);
  if (!n->img) return;
  for (u32 i = 0; i < n->img->nfuncs; i++) {
    n->words += n->img->funcs[i].ncode;
    n->constants += n->img->funcs[i].nk;
  }
  n->verified = rv_verify_image(n->img, &n->error);
}

static int info(const char *file, bool json) {
  Info n = {.file = file};
  u8 *bytes;
  int code = rv_cli_read(file, &bytes, &n.size);
  if (code) return code;
  n.bytes = bytes;
  bool has_layout = rv_image_layout(n.bytes, n.size, &n.layout, &n.error);
  if (has_layout) look_inside(&n);
  if (json) print_json(&n, has_layout);
  if (has_layout && !json) print_layout(&n);
  if (n.img && !json) print_image(&n);
  code = rv_cli_end_stdout(n.verified ? 0 : RV_EXIT_IMAGE);
  if (!n.verified) rv_cli_fail(code, "%s: %s", file, n.error.text);
  rv_image_unref(n.img);
  free(bytes);
  return code;
}

int rv_cli_info(int argc, char **argv) {
  RvArgs a;
  int code = rv_cli_parse(&a, 1, argc, argv, usage_text, "--json", false);
  return code == RV_GO_ON ? info(a.files[0], a.flag) : code;
}
