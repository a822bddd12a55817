/* Who holds a case 承办方: an account ("a:ID"), an organisation ("o:ID"), or
 * whoever holds a duty in an area ("d:网格员@420602004008003").  One text, because
 * one index answers "what is on my hands".  A duty that nobody holds in its area is
 * taken up by the duty above it, until somebody is found: nobody's case is ever
 * ownerless. */
#ifndef ENGINE_CASE_HOLDER_H
#define ENGINE_CASE_HOLDER_H
#include "engine/case/case.h"
#include "scene/scene_env.h"

struct holder {
    enum { HOLDER_NONE, HOLDER_ACCOUNT, HOLDER_ORG, HOLDER_DUTY } kind;
    int64_t    id;
    struct str duty, area;
};

struct holder holder_read(struct str text);
struct str    holder_write(struct op *op, struct holder holder);
/* "网格员 刘敏", "山水家园物业", "社区值守（滨湖社区）"; and at most four characters. */
struct str holder_title(struct op *op, struct str text);
struct str holder_label(struct op *op, struct str text);
/* What holders and areas are called, for one case or for all of a page: each name is
 * asked for once. */
enum { NAMES_KEPT = 128, NAMES_TRIED = 4 };
enum known_how { AS_TITLE, AS_LABEL, AS_AREA, AS_AREA_PATH, KNOWN_HOW };
struct holder_names {
    struct known_name {
        struct str text, as[KNOWN_HOW];
    } known[NAMES_KEPT];
};
struct str case_area_name(struct op *op, struct a_case *it, struct str code);
struct str case_area_path(struct op *op, struct a_case *it, struct str code);
/* The same of who holds the case now, and of who held it before. */
struct str case_holder_title(struct op *op, struct a_case *it);
struct str case_holder_label(struct op *op, struct a_case *it);
struct str case_before_label(struct op *op, struct a_case *it);
/* Its people's accounts, at most `most` of them; n. */
size_t holder_people(struct op *op, struct holder holder, int64_t *accounts, size_t most);
/* Of the area it is held in, 2 city … 6 grid; of an account, its highest.  0: unknown. */
int  holder_level(struct op *op, struct holder holder);
bool holder_is(const struct actor *actor, struct str text);
/* All texts by which the actor may hold a case: itself, its duties, its
 * organisations; n of them in the arena. */
struct str *holder_texts(struct op *op, const struct actor *actor, size_t *n);

/* Is there anybody? */
bool holder_works(struct op *op, struct holder holder);

/* A scene's target made a holder.  RC_REFUSED when nobody can be found. */
MUST_USE enum rc holder_of_target(struct op *op, const struct a_case *it,
                                  const struct case_target *target, struct holder *holder);
/* The first level with somebody above the duty that answers for the case; RC_NOT_FOUND
 * at the top, and where nobody is above. */
MUST_USE enum rc holder_above(struct op *op, const struct a_case *it,
                              struct holder *holder);
/* What somebody chose by hand; RC_REFUSED, told, when it is nobody. */
MUST_USE enum rc holder_chosen(struct op *op, const struct move_target *target,
                               struct holder *holder);

#endif
