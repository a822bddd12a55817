/* Keys, and memory that keeps them. */
#include "app/doctor/doctor.h"

#include <unistd.h>

#include "app/doctor/doctor_store.h"
#include "guard/keys.h"
#include "guard/secret.h"

struct finding doctor_user(struct doctor *doctor)
{
    if (geteuid() != 0)
        return find(doctor, FINDING_GOOD, "不是 root", "not root");
    return find_todo(find(doctor, FINDING_MIND, "现在是 root", "this is root"), doctor,
                     "平时用 linli 用户：sudo -u linli linli doctor",
                     "use the user linli: sudo -u linli linli doctor");
}

struct finding doctor_keys(struct doctor *doctor)
{
    const struct problem *first = doctor->keys.first;

    if (doctor->keys_open)
        return find(doctor, FINDING_GOOD, "都在，最新的主密钥是第 %lld 把",
                    "all there; the newest master key is number %lld",
                    (long long)keys_newest_master());
    struct str says = first ? first->says : STR("打不开");
    return find_todo(
        find(doctor, FINDING_BAD, "%.*s", "%.*s", STR_ARG(says)), doctor,
        "改好权限，或者从密钥备份取回（linli keys import）；没有密钥，封存的内容谁也打不开",
        "mend the permissions, or bring the keys back (linli keys import); without them "
        "nothing sealed can be opened by anybody");
}

struct finding doctor_memory(struct doctor *doctor)
{
    enum { SOME_BYTES = 64 << 10 };
    struct secret *secret = secret_new(SOME_BYTES);

    bool locked = secret != NULL;
    secret_free(&secret);
    if (locked)
        return find(doctor, FINDING_GOOD, "可以把密钥锁在内存里",
                    "keys can be locked in memory");
    return find_todo(find(doctor, FINDING_BAD, "系统不让锁定内存，密钥会被换到磁盘上",
                          "memory cannot be locked: keys could be swapped to disk"),
                     doctor, "在服务里写 LimitMEMLOCK=64M，命令行上用 ulimit -l 65536",
                     "LimitMEMLOCK=64M in the unit, ulimit -l 65536 on the command line");
}

/* Does what is wrapped today open with the keys of today? */
static enum rc open_one(struct doctor *doctor, const struct person_row *row)
{
    struct person_key key;
    struct op         op;

    doctor_op(doctor, &op);
    op.county = row->county;
    enum rc rc = keys_person(&op, row->person, KEYS_FIND, &key);
    keys_wipe(&key);
    return rc;
}

struct finding doctor_person_keys(struct doctor *doctor)
{
    struct person_row first, last;
    struct op         op;

    if (!doctor->db || !doctor->keys_open)
        return find(doctor, FINDING_NONE, "先要有数据库和密钥", "needs database and keys");
    doctor_op(doctor, &op);
    enum rc rc = doctor_person_rows(&op, &first, &last);
    if (rc == RC_NOT_FOUND)
        return find(doctor, FINDING_GOOD, "还没有封存过什么", "nothing is sealed yet");
    if (rc == RC_OK)
        rc = open_one(doctor, &first);
    if (rc == RC_OK)
        rc = open_one(doctor, &last);
    if (rc == RC_OK)
        return find(doctor, FINDING_GOOD, "最早和最晚的个人密钥都打得开",
                    "the first and the last person's key open");
    return find_todo(find(doctor, FINDING_BAD, "主密钥打不开数据库里的个人密钥",
                          "the master keys do not open the persons' keys"),
                     doctor, "密钥和数据库不是一套：把这个数据库自己的密钥目录取回来",
                     "keys and database do not belong together: bring back this "
                     "database's own keys");
}
