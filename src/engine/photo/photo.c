#include "engine/photo/photo.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "decode/sniff.h"
#include "decode/wire.h"
#include "engine/photo/photo_rules.h"
#include "guard/actor.h"
#include "guard/seal.h"

static_assert((int)HTTP_UPLOAD_BYTES_MAX == (int)PHOTO_BYTES_MAX,
              "what is received can be decoded");

/* Told once, before threads start; afterwards only read. */
static struct photo_vaults vaults;
static photo_owner_sees   *owner_sees;

enum rc photos_open(struct problems *problems, struct str files)
{
    struct str arrivals = str_fmt(problems->arena, "%.*s/arrivals", STR_ARG(files));
    struct str kept = str_fmt(problems->arena, "%.*s/photos", STR_ARG(files));

    enum rc rc = vault_open(problems, arrivals, &vaults.arrivals);
    if (rc == RC_OK)
        rc = vault_open(problems, kept, &vaults.kept);
    if (rc != RC_OK)
        photos_close();
    return rc;
}

void photos_close(void)
{
    vault_close(&vaults.arrivals);
    vault_close(&vaults.kept);
}

void photos_owner(photo_owner_sees *sees)
{
    owner_sees = sees;
}

struct photo_vaults photo_vaults(void)
{
    assert(vaults.arrivals && vaults.kept);
    return vaults;
}

struct str photo_file(struct arena *arena, int64_t id, struct str size)
{
    return str_fmt(arena, "%lld/%.*s", (long long)id, STR_ARG(size));
}

enum rc photo_screen(struct op *op, int64_t id, struct str *bytes)
{
    struct photo photo;

    enum rc rc = photo_select(op, id, &photo);
    if (rc == RC_OK && str_eq(photo.state, PHOTO_NEW))
        return RC_BUSY;
    if (rc == RC_OK && !str_eq(photo.state, PHOTO_READY))
        return RC_NOT_FOUND;
    return rc == RC_OK ? vault_load(vaults.kept, op->arena,
                                    photo_file(op->arena, id, PHOTO_SCREEN),
                                    DECODE_SCREEN_BYTES_MAX, bytes)
                       : rc;
}

/* ---- receiving ---- */

/* Since midnight in Beijing. */
static enum rc check_day(struct op *op)
{
    int64_t n;

    if (actor_may(op->actor, RIGHT_OPEN311, STR_NONE) || /* for many people */
        actor_may(op->actor, RIGHT_UPPER, STR_NONE))
        return RC_OK;
    enum rc rc = photo_count_from(op, op->actor->account,
                                  id_floor(op->county, clock_day_begins(op->now_ms)), &n);
    if (rc == RC_OK && n >= PHOTOS_PER_DAY_MAX)
        return fail(op, RC_TOO_MANY, NULL, "今天已经传了 %d 张照片，请明天再传。",
                    PHOTOS_PER_DAY_MAX);
    return rc;
}

static enum rc check_queue(struct op *op)
{
    int64_t waiting;

    enum rc rc = photo_count_new(op, PHOTOS_WAITING_MAX, &waiting);
    if (rc == RC_OK && waiting >= PHOTOS_WAITING_MAX)
        return fail(op, RC_BUSY, NULL, "现在传照片的人太多，请过几分钟再传。");
    return rc;
}

static enum rc refuse(struct op *op, enum rc rc, enum verdict verdict)
{
    return fail(op, rc, NULL, "%.*s", STR_ARG(verdict_says(verdict)));
}

/* What it is by its first bytes; whether it can be read whole is found out later. */
static enum rc check_kind(struct op *op, int file)
{
    char head[SNIFF_BYTES];

    ssize_t got = pread(file, head, sizeof head, 0);
    if (got < 0)
        return RC_UNAVAILABLE;
    switch (sniff_kind(str_slice(head, (size_t)got))) {
    case IMAGE_JPEG:
    case IMAGE_PNG:
    case IMAGE_WEBP:
        return RC_OK;
    case IMAGE_HEIC:
        return fail(
            op, RC_UNSUPPORTED, NULL,
            "这种照片（HEIC）浏览器打不开，请在相机设置里改成“兼容性最好”，或截屏后再传。");
    case IMAGE_NONE:
        break;
    }
    return refuse(op, RC_REFUSED, VERDICT_NOT_IMAGE);
}

static enum rc check_file(struct op *op, int file, int64_t *bytes)
{
    struct stat stat;

    if (fstat(file, &stat) != 0)
        return RC_UNAVAILABLE;
    *bytes = stat.st_size;
    if (stat.st_size == 0)
        return refuse(op, RC_REFUSED, VERDICT_EMPTY);
    if (stat.st_size > PHOTO_BYTES_MAX)
        return refuse(op, RC_TOO_LARGE, VERDICT_BYTES);
    return check_kind(op, file);
}

static enum rc keep_arrival(struct op *op, int file, struct arrival *arrival)
{
    unsigned char chance[16];

    random_bytes(chance, sizeof chance);
    arrival->id = str_hex(op->arena, chance, sizeof chance);
    if (!arrival->id.at)
        return RC_NO_MEMORY;
    return vault_put_file(photo_vaults().arrivals, arrival->id, file);
}

static enum rc open_upload(struct op *op, int *file)
{
    const char *path = str_z(op->arena, op->upload);

    *file = -1;
    if (!op->upload.len)
        return refuse(op, RC_REFUSED, VERDICT_EMPTY);
    if (!path)
        return RC_NO_MEMORY;
    *file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*file >= 0)
        return RC_OK;
    return errno == ENOENT ? refuse(op, RC_REFUSED, VERDICT_EMPTY) : RC_UNAVAILABLE;
}

enum rc photo_receive(struct op *op, struct arrival *arrival)
{
    int file;

    enum rc rc = open_upload(op, &file);
    if (rc != RC_OK)
        return rc;
    rc = check_day(op);
    if (rc == RC_OK)
        rc = check_queue(op);
    if (rc == RC_OK)
        rc = check_file(op, file, &arrival->bytes);
    if (rc == RC_OK)
        rc = keep_arrival(op, file, arrival);
    close(file);
    return rc;
}

enum rc photo_add(struct op *op, const struct arrival *arrival, struct photo *added)
{
    enum rc rc = check_day(op); /* again: others may have arrived meanwhile */

    if (rc != RC_OK)
        return rc;
    *added = (struct photo){
        .county = op->county,
        .id = op_new_id(op),
        .uploader = op->actor->account,
        .person = op->actor->person,
        .state = PHOTO_NEW,
        .verdict = STR(""),
        .arrived = arrival->id,
        .bytes = arrival->bytes,
    };
    return photo_insert(op, added);
}

/* ---- seeing ---- */

static bool is_uploader(const struct op *op, const struct photo *photo)
{
    return op->actor->account && op->actor->account == photo->uploader;
}

enum rc photo_find(struct op *op, int64_t id, struct photo *photo)
{
    enum rc rc = photo_select(op, id, photo);

    if (rc != RC_OK)
        return rc;
    if (str_eq(photo->state, PHOTO_GONE))
        return RC_NOT_FOUND;
    bool sees = is_uploader(op, photo) ||
                (photo->owner && owner_sees && owner_sees(op, photo->owner));
    return sees ? RC_OK : RC_NOT_FOUND;
}

const struct field photo_place_fields[PHOTO_PLACE_NFIELDS] = {
    FIELD(struct photo_place, lat, REQUIRED, .grade = GRADE_SENSITIVE),
    FIELD(struct photo_place, lng, REQUIRED, .grade = GRADE_SENSITIVE),
};

/* A person's key that is gone took the place with it. */
enum rc photo_place_of(struct op *op, const struct photo *photo, struct str *place)
{
    *place = STR_NONE;
    if (!photo->place.at || !is_uploader(op, photo))
        return RC_OK;
    enum rc rc =
        unseal(op, PLACE("photos", "place", photo->id, photo->person), photo->place, place);
    return rc == RC_GONE ? RC_OK : rc;
}

/* ---- what became of it ---- */

static enum rc seal_place(struct op *op, const struct photo_made *made, struct photo *photo)
{
    struct json_out out;

    photo->place = STR_NONE;
    if (!made->has_place)
        return RC_OK;
    json_out_init(&out, op->arena);
    json_struct(&out, photo_place_fields, PHOTO_PLACE_NFIELDS, &made->place);
    enum rc rc = seal(op, PLACE("photos", "place", photo->id, photo->person),
                      json_done(&out), &photo->place);
    return rc == RC_GONE ? RC_OK : rc;
}

enum rc photo_record(struct op *op, const struct photo_made *made, struct photo *photo)
{
    enum rc rc = photo_select(op, made->id, photo);

    if (rc != RC_OK)
        return rc;
    bool ready = str_eq(made->verdict, verdict_word(VERDICT_OK));
    photo->state = ready ? PHOTO_READY : PHOTO_REFUSED;
    photo->verdict = made->verdict;
    photo->width = made->width;
    photo->height = made->height;
    rc = seal_place(op, made, photo);
    return rc == RC_OK ? photo_set_made(op, photo) : rc;
}

/* ---- deleted persons ---- */

static enum rc forget(struct op *op, struct whose *whose)
{
    const int64_t *subjects = whose->subjects.at;
    enum rc        rc = RC_OK;

    for (size_t i = 0; i < whose->naccounts && rc == RC_OK; i++)
        rc = photo_set_gone_by(op, whose->accounts[i]);
    for (size_t i = 0; i < whose->subjects.n && rc == RC_OK; i++) {
        rc = photo_set_gone_of(op, subjects[i]);
        if (rc == RC_OK)
            rc = photo_uncopy(op, subjects[i]);
    }
    return rc;
}

/* Nothing of a shielded person's is public. */
static enum rc shield(struct op *op, struct whose *whose, bool shielded)
{
    const int64_t *subjects = whose->subjects.at;
    enum rc        rc = RC_OK;

    for (size_t i = 0; shielded && i < whose->subjects.n && rc == RC_OK; i++)
        rc = photo_uncopy(op, subjects[i]);
    return rc;
}

const struct person_keeper photo_keeper = { .name = "photo",
                                            .shield = shield,
                                            .forget = forget };

/* ---- attaching ---- */

/* Why the n-th could not be attached. */
static enum rc tell_why(struct op *op, int64_t id, size_t n)
{
    struct photo photo;

    enum rc rc = photo_select(op, id, &photo);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    if (rc == RC_NOT_FOUND || !is_uploader(op, &photo) || str_eq(photo.state, PHOTO_GONE))
        return fail(op, RC_REFUSED, "photos", "第 %zu 张照片找不到了，请重新传一次。", n);
    if (str_eq(photo.state, PHOTO_REFUSED))
        return fail(op, RC_REFUSED, "photos", "第 %zu 张照片没有收下，请换一张。", n);
    return fail(op, RC_REFUSED, "photos",
                "第 %zu 张照片已经用在另一件事上了，请重新拍一张。", n);
}

enum rc photo_attach(struct op *op, const int64_t *ids, size_t n, int64_t owner)
{
    for (size_t i = 0; i < n; i++) {
        enum rc rc = photo_set_owner(op, ids[i], op->actor->account, owner);
        if (rc == RC_NOT_FOUND)
            return tell_why(op, ids[i], i + 1);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}
