/* SPDX-License-Identifier: MIT */
/* Policy: what a machine may ask of the outside world.

   A rule grants or denies a kind of right, as a whole or for one object:

     console  clock  entropy  run            no object
     read=DIR  write=DIR                     a directory with all below, a file
     net=HOST:PORT  env=NAME  native=LIB  device=NAME     one name
     all                                     everything

   A denial wins over any grant. Without rules nothing is granted. Rules may
   change at any time the machine is idle or calls its host. */
#ifndef RV_VM_HOST_POLICY_H
#define RV_VM_HOST_POLICY_H

#include <sys/types.h>

#include "vm/machine.h"

typedef enum RvGrant {
  RV_GRANT_FREE, /* needs none: what the host passed to this machine itself */
  RV_GRANT_CONSOLE,
  RV_GRANT_CLOCK,
  RV_GRANT_ENTROPY,
  RV_GRANT_READ,
  RV_GRANT_WRITE,
  RV_GRANT_NET,
  RV_GRANT_ENV,
  RV_GRANT_RUN,
  RV_GRANT_NATIVE,
  RV_GRANT_DEVICE,  /* a device of the embedder, by name */
  RV_GRANT_STORAGE, /* reading or writing: which one, the path decides */
  RV_NGRANTS
} RvGrant;

typedef struct RvRule {
  u8 grant;
  bool deny;
  char *value; /* the object as given; for paths: absolute, without . and .. */
  char *real;  /* paths: without symbolic links either */
  char *leaf;  /* grant of a single file: its name in the directory fd */
  int fd;      /* grants of paths: the directory */
  bool known;  /* denials of paths: dev and ino are valid */
  dev_t dev;
  ino_t ino;
} RvRule;

typedef struct RvPolicy {
  RvRule *rules;
  u32 n, cap;
  u32 allow, deny; /* kinds granted and denied as a whole, bit per RvGrant */
  u32 some;        /* kinds with a granting rule for some object */
  char *cwd;       /* the machine's working directory, found when needed */
} RvPolicy;

void rv_policy_init(RvPolicy *p);
void rv_policy_fini(RvMachine *m, RvPolicy *p);
/* Adds a rule written as above, after rv_host_regrant all bound imports obey
   it. False: err says why. */
bool rv_policy_set(RvMachine *m, bool allow, const char *text, char *err,
                   size_t size);
/* Is anything of this kind granted? */
bool rv_policy_some(const RvPolicy *p, RvGrant g);
/* Is this object (a name) granted? */
bool rv_policy_name(const RvPolicy *p, RvGrant g, const char *name, size_t len);
/* The flag of `rove run` that would grant it: "--allow-read=DIR". `name` fills
   in the object where it is known. Returns out. */
const char *rv_policy_flag(RvGrant g, const char *name, char *out, size_t size);
/* What img asks for and nobody granted. True: something, and out names it with
   the flag. */
bool rv_policy_missing(RvMachine *m, RvImage *img, char *out, size_t size);

/* -- Paths --------------------------------------------------------------------
   A place is a directory descriptor and a name in it, reached from a granted
   directory one step at a time without following links on the way; links are
   read and their targets judged like any other path. */
typedef struct RvPlace {
  int dir; /* descriptor, or AT_FDCWD */
  bool own;
  bool confined; /* use O_NOFOLLOW on `name` */
  const char *name;
  char path[4096];
} RvPlace;

#define RV_NEED_READ 1u
#define RV_NEED_WRITE 2u
/* 0, an errno, or -1: denied. `follow`: a link as last step is followed. */
int rv_policy_place(RvMachine *m, const char *path, size_t len, u32 need,
                    bool follow, RvPlace *out);
void rv_place_close(RvPlace *pl);

#endif
