/* The platforms above: can they be reached, do the clocks agree, does anything wait? */
#include "app/doctor/doctor.h"
#include "app/reach.h"
#include "engine/upper/upper.h"

/* The first platform with which something is wrong. */
struct looked {
    struct doctor *doctor;
    size_t         n;
    struct str     wrong;
};

static enum rc look_at(void *context, struct op *op)
{
    struct looked       *looked = context;
    struct upper_reached reached;

    looked->n++;
    enum rc rc = upper_reach(op, &reached);
    if (rc == RC_OK && !reached.reached && !looked->wrong.at)
        looked->wrong = reached.says;
    return rc;
}

static struct finding say(struct doctor *doctor, const struct looked *looked,
                          const struct upper_waiting *waiting)
{
    if (looked->wrong.at)
        return find_todo(find(doctor, FINDING_BAD, "%.*s", "%.*s", STR_ARG(looked->wrong)),
                         doctor, "看 LINLI_UPPER、证书、密钥和两边的时钟（docs/upper.md）",
                         "see LINLI_UPPER, certificates, keys and both clocks "
                         "(docs/upper.md)");
    if (waiting->stuck)
        return find_todo(find(doctor, FINDING_MIND, "通，但有 %lld 条消息发不出去",
                              "reached, but %lld messages are stuck",
                              (long long)waiting->stuck),
                         doctor, "请指挥中心到“上级平台”页面处理",
                         "the operation centre sees to them on the page 上级平台");
    return find(doctor, FINDING_GOOD, "%zu 个平台都通，%lld 条等着发",
                "%zu reached, %lld messages waiting", looked->n,
                (long long)waiting->waiting);
}

struct finding doctor_upper(struct doctor *doctor)
{
    struct looked        looked = { .doctor = doctor };
    struct upper_waiting waiting = { 0 };
    struct problems      problems;
    struct op            op;

    if (!doctor->config->upper.len)
        return find(doctor, FINDING_NONE, "没有接上级平台", "not connected to any");
    if (!doctor->db || !doctor->keys_open)
        return find(doctor, FINDING_NONE, "先要有数据库和密钥",
                    "needs the database and the keys");
    problems_init(&problems, doctor->arena);
    if (reach_open(doctor->arena, doctor->config, &problems) != RC_OK)
        return find(doctor, FINDING_BAD, "%.*s", "%.*s", STR_ARG(problems.first->says));
    doctor_op(doctor, &op);
    enum rc rc = upper_each(&op, look_at, &looked);
    if (rc == RC_OK)
        rc = upper_waiting(&op, &waiting);
    reach_close();
    return rc == RC_OK ? say(doctor, &looked, &waiting)
                       : find(doctor, FINDING_BAD, "读不了", "cannot be read");
}
