/* `linli story [--server URL | --database WHERE | --from FOLDER] [--check] [--verbose]
 * FILE…`: runs stories (docs/stories.md) over real HTTP, against a running
 * demonstration server or, for each file, a fresh one of its own.  argv[0] is the
 * subcommand.  0: all came true; 1: some did not, or have mistakes; 2: the command was not
 * understood. */
#ifndef APP_STORY_H
#define APP_STORY_H

int story_main(int argc, char **argv);

#endif
