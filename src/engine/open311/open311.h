/* Open311 (GeoReport v2, and the update extension of mySociety's): the public platforms
 * of others report here and read here.  What they see is made of the scenes in force: a
 * kind of case that has an `open311` table is open to them; each option of its category is
 * a service, its other fields are the service's attributes, its states are told by the
 * table's words.  http/open311/ puts all this into XML and JSON and reads the forms; here
 * are the acts and the rules.
 *
 * What is public stands in tables of its own, kept by a follower from the journal: of a
 * case its service, its state in the scene's words, its place, who answers for it, its
 * times.  Of a reporter nothing, of what people wrote only what no scene wants looked at
 * first; nothing at all of a shielded person's, of one who was deleted, or of kinds that
 * are not public.  The list begins when a county is opened.
 *
 * A platform is an account with the role `portal`, reached by a bearer key, in an area.  It
 * reports in its own name: it is the reporter of the case, may say more of it and make the
 * moves that the scene leaves to reporters.  Whom it spoke for is not kept, but for a
 * telephone number that the scene asks for, which is sealed like everybody's.
 *
 * Asked twice is done once: a report by a key made of the whole report that counts for
 * OPEN311_REPEAT_MS (http/open311/ makes it, the gate keeps it), an update by its
 * update_id for good.  An update that is older than what is known already changes no
 * state; its words are kept. */
#ifndef ENGINE_OPEN311_OPEN311_H
#define ENGINE_OPEN311_OPEN311_H
#include "base/field.h"
#include "gate/act.h"
#include "gate/follower.h"
#include "registry/keeper.h"

struct stmts; /* db/db.h */

extern const struct act           open311_acts[];
extern const struct stmts         open311_stmts;
extern const struct follower      open311_follower;
extern const struct person_keeper open311_keeper;

/* The counties that are open, by code; told once, before anything runs.  None: off. */
enum { OPEN311_COUNTIES_MAX = 64 };
struct open311_options {
    const struct str *counties;
    size_t            n;
    bool              test; /* not real: a demonstration */
};
void open311_told(const struct open311_options *options);

#endif
