/* Signing the ends of the journal's chains: of each county that this server owns, every
 * minute in which it moved, and when the server stops.  The head is appended to
 * HEADS/2026-11.heads and on the disk there before the database hears of it: another host
 * fetches that folder, and the audit administrator asks for the same by GET
 * /journal/heads.  A backup of the database need not hold the folder, and must not hold
 * the key (guard/signer.h). */
#ifndef APP_SIGNING_H
#define APP_SIGNING_H
#include "app/house.h"

/* One round; what goes wrong is in the log, and tried again in the next. */
void signing_round(struct house *house, struct db *db, struct arena *arena);

#endif
