/* The web client's files: what a path reaches, and what it never does. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "http/files.h"
#include "base/limits.h"
#include "test.h"

static char          folder[] = "/tmp/linli-files-XXXXXX";
static struct files *files;

static void put(const char *name, const char *text, size_t times)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < times; i++)
        (void)fputs(text, file);
    (void)fclose(file);
}

static void make_folder(const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    CHECK(mkdir(path, 0700) == 0);
}

static int prepare(void **state)
{
    char link[256];

    (void)state;
    log_threshold(LOG_ERROR);
    if (!mkdtemp(folder))
        return 1;
    make_folder("desk");
    make_folder("assets");
    make_folder(".git");
    put("index.html", "<!doctype html><title>邻里</title>\n", 50);
    put("desk/index.html", "<p>desk", 1);
    put("assets/app-1a2b.js", "console.log(1);\n", 100);
    put("assets/dot.png", "\211PNG", 100);
    put(".git/config", "secret", 1);
    put(".env", "secret", 1);
    (void)snprintf(link, sizeof link, "%s/passwd", folder);
    files = files_new(true);
    if (!files || symlink("/etc/passwd", link) ||
        files_read(files, str_of(folder)) != RC_OK ||
        files_add(files, STR("/api/index.html"), STR("<p>added")) != RC_OK)
        return 1;
    files_sort(files);
    return 0;
}

static int clean(void **state)
{
    static const char *const names[] = { "index.html",
                                         "desk/index.html",
                                         "assets/app-1a2b.js",
                                         "assets/dot.png",
                                         ".git/config",
                                         ".env",
                                         "passwd",
                                         "desk",
                                         "assets",
                                         ".git",
                                         "" };

    (void)state;
    files_free(&files);
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)remove(path);
    }
    return 0;
}

static const char *header(struct str path, struct str etags, struct str encodings,
                          const char *name, unsigned status)
{
    struct file_answer answer;

    CHECK(files_find(files, path, etags, encodings, &answer) == RC_OK);
    CHECK_INT(answer.status, status);
    const char *value = MHD_get_response_header(answer.response, name);
    return value ? value : "";
}

static const char *plain(const char *path, const char *name)
{
    return header(str_of(path), STR_NONE, STR_NONE, name, 200);
}

TEST(a_folder_is_its_index)
{
    assert_string_equal(plain("/", "Content-Type"), "text/html; charset=utf-8");
    assert_string_equal(plain("/desk/", "Content-Type"), "text/html; charset=utf-8");
    assert_string_equal(plain("/desk/index.html", "Content-Type"),
                        "text/html; charset=utf-8");
    assert_string_equal(plain("/api/", "Content-Type"), "text/html; charset=utf-8");
    CHECK(files_folder(files, STR("/desk")));
    CHECK(!files_folder(files, STR("/des")) && !files_folder(files, STR("/assets")));
}

TEST(only_what_was_found_can_be_reached)
{
    static const char *const absent[] = { "/.env", "/.git/config", "/passwd", "/assets/",
                                          "/desk", "//index.html", "/DESK/",  "" };
    struct file_answer       answer;

    for (size_t i = 0; i < COUNT(absent); i++)
        if (files_find(files, str_of(absent[i]), STR_NONE, STR_NONE, &answer) !=
            RC_NOT_FOUND)
            fail_msg("%s was reached", absent[i]);
}

TEST(names_with_a_hash_are_kept_for_ever)
{
    assert_string_equal(plain("/assets/app-1a2b.js", "Cache-Control"),
                        "public, max-age=31536000, immutable");
    assert_string_equal(plain("/", "Cache-Control"), "no-cache");
    CHECK(
        str_has(str_of(plain("/", "Content-Security-Policy")), STR("default-src 'self'")));
    CHECK(str_starts(str_of(plain("/", "Strict-Transport-Security")), STR("max-age=")));
}

TEST(text_is_sent_compressed_to_who_takes_it)
{
    struct str path = STR("/assets/app-1a2b.js"), picture = STR("/assets/dot.png");

    assert_string_equal(header(path, STR_NONE, STR("br, gzip"), "Content-Encoding", 200),
                        "gzip");
    assert_string_equal(header(path, STR_NONE, STR("gzip;q=0"), "Content-Encoding", 200),
                        "");
    assert_string_equal(header(picture, STR_NONE, STR("gzip"), "Content-Encoding", 200),
                        "");
    assert_string_equal(header(path, STR_NONE, STR("gzip"), "Vary", 200),
                        "Accept-Encoding");
}

TEST(what_is_known_already_is_not_sent_again)
{
    struct str etag = str_of(plain("/", "ETag"));

    assert_string_equal(header(STR("/"), etag, STR("gzip"), "Cache-Control", 304),
                        "no-cache");
    (void)header(STR("/"), STR("\"other\""), STR_NONE, "ETag", 200);
}

TEST(a_folder_that_is_missing_or_too_large_is_refused)
{
    struct files *other = files_new(false);

    log_threshold(LOG_ERROR + 1);
    CHECK(files_read(other, STR("/nowhere/at/all")) == RC_NOT_FOUND);
    put("assets/big.bin", "0123456789abcdef", (HTTP_FILES_BYTES_MAX >> 4) + 1);
    CHECK(files_read(other, str_of(folder)) == RC_TOO_LARGE);
    files_free(&other);
    char path[256];
    (void)snprintf(path, sizeof path, "%s/assets/big.bin", folder);
    CHECK(remove(path) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_its_index),
        cmocka_unit_test(only_what_was_found_can_be_reached),
        cmocka_unit_test(names_with_a_hash_are_kept_for_ever),
        cmocka_unit_test(text_is_sent_compressed_to_who_takes_it),
        cmocka_unit_test(what_is_known_already_is_not_sent_again),
        cmocka_unit_test(a_folder_that_is_missing_or_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
