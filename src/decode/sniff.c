#include "decode/sniff.h"

/* Both parts must match; the second stands further in, for container formats. */
static const struct {
    enum image_kind kind;
    struct str      first;
    size_t          second_at;
    struct str      second;
} magics[] = {
    { IMAGE_JPEG, STR_INIT("\xff\xd8\xff"), 0, STR_INIT("") },
    { IMAGE_PNG, STR_INIT("\x89PNG\r\n\x1a\n"), 0, STR_INIT("") },
    { IMAGE_WEBP, STR_INIT("RIFF"), 8, STR_INIT("WEBP") },
    { IMAGE_HEIC, STR_INIT(""), 4, STR_INIT("ftyphei") }, /* heic heix heim heis */
    { IMAGE_HEIC, STR_INIT(""), 4, STR_INIT("ftyphev") }, /* hevc hevm hevs hevx */
    { IMAGE_HEIC, STR_INIT(""), 4, STR_INIT("ftypmif1") },
    { IMAGE_HEIC, STR_INIT(""), 4, STR_INIT("ftypmsf1") },
    { IMAGE_HEIC, STR_INIT(""), 4, STR_INIT("ftypavi") }, /* avif avis */
};

enum image_kind sniff_kind(struct str head)
{
    for (size_t i = 0; i < COUNT(magics); i++) {
        size_t at = magics[i].second_at;
        if (str_starts(head, magics[i].first) && head.len >= at &&
            str_starts(str_skip(head, at), magics[i].second))
            return magics[i].kind;
    }
    return IMAGE_NONE;
}

/* A zip reader starts from the end record, which lies in the last 64 KiB and
 * says how long the comment behind it is: exactly up to the end of the file. */
static bool ends_as_zip(struct str file)
{
    enum { RECORD = 22, COMMENT_MAX = 65535 };
    size_t     span = RECORD + COMMENT_MAX;
    struct str tail = file.len > span ? str_skip(file, file.len - span) : file;

    for (size_t i = 0; i + RECORD <= tail.len; i++) {
        struct str here = str_skip(tail, i);
        if (!str_starts(here, STR("PK\5\6")))
            continue;
        size_t comment =
            (size_t)(unsigned char)here.at[20] | (size_t)(unsigned char)here.at[21] << 8;
        if (RECORD + comment == here.len)
            return true;
    }
    return false;
}

bool sniff_mixed(struct str file)
{
    /* PDF readers look for their header in the first KiB, browsers and PHP for a
     * tag anywhere. */
    static const struct {
        struct str word;
        size_t     within;
    } words[] = {
        { STR_INIT("%PDF-"), 1024 },
        { STR_INIT("<script"), SIZE_MAX },
        { STR_INIT("<html"), SIZE_MAX },
        { STR_INIT("<?php"), SIZE_MAX },
    };

    for (size_t i = 0; i < COUNT(words); i++) {
        struct str part = file;
        if (part.len > words[i].within)
            part.len = words[i].within;
        if (str_has(part, words[i].word))
            return true;
    }
    return ends_as_zip(file);
}
