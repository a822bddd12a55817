/* What belongs to a serving linli beside its data. */
#include "app/doctor/doctor.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/ask.h"
#include "base/clock.h"
#include "db/lease.h"
#include "decode/decoder.h"

enum { CERTIFICATE_DAYS = 21, CERTIFICATE_BAD_DAYS = 3 };

/* ---- the server and its counties ---- */

struct finding doctor_server(struct doctor *doctor)
{
    struct str said;

    if (!doctor->metrics.at)
        return find_todo(find(doctor, FINDING_MIND, "没有在运行", "does not run"), doctor,
                         "systemctl start linli；起不来就看 journalctl -u linli",
                         "systemctl start linli; if it does not, journalctl -u linli");
    if (caller_get(doctor->config, doctor->arena, STR("/readyz"), &said) == RC_OK)
        return find(doctor, FINDING_GOOD, "在运行，在办理", "runs and works");
    return find_todo(find(doctor, FINDING_MIND,
                          "在运行，但不能办理（待命，或数据库没连上）",
                          "runs but cannot work (it stands by, or the database is away)"),
                     doctor, "有另一台在办理就正常；否则看上面的数据库和归属",
                     "well if another one works; else see database and leases above");
}

struct finding doctor_leases(struct doctor *doctor)
{
    struct list leases;
    struct op   op;
    int64_t     lapsed = 0;

    if (!doctor->db)
        return find(doctor, FINDING_NONE, "先要有数据库", "needs the database");
    doctor_op(doctor, &op);
    if (lease_all(doctor->db, doctor->arena, &leases) != RC_OK)
        return find(doctor, FINDING_BAD, "读不了", "cannot be read");
    struct str address = STR_NONE;
    for (size_t i = 0; i < leases.n; i++) {
        const struct lease *one = (const struct lease *)leases.at + i;
        lapsed += one->until_ms < op.now_ms;
        address = one->until_ms < op.now_ms ? address : one->address;
    }
    if (!address.at && !doctor->metrics.at)
        return find(doctor, FINDING_NONE, "服务没开，没有人在办", "nobody serves");
    if (!lapsed || !doctor->metrics.at)
        return find(doctor, FINDING_GOOD, "%zu 个县区，由 %.*s 办理",
                    "%zu counties, owned by %.*s", leases.n, STR_ARG(address));
    return find_todo(find(doctor, FINDING_BAD, "%lld 个县区没有服务器在办",
                          "%lld counties have no server", (long long)lapsed),
                     doctor, "正在运行的服务器几秒内会接过去；没有接，看日志里的 county",
                     "a running server takes them over within seconds; if not, look for "
                     "county in the log");
}

/* ---- the certificate ---- */

static X509 *read_certificate(struct doctor *doctor)
{
    FILE *file = fopen(str_z(doctor->arena, doctor->config->tls_cert), "re");
    X509 *certificate = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;

    if (file)
        (void)fclose(file);
    return certificate;
}

/* Is it the key of this certificate, and nobody else's to read? */
static bool key_fits(struct doctor *doctor, X509 *certificate)
{
    FILE       *file = fopen(str_z(doctor->arena, doctor->config->tls_key), "re");
    EVP_PKEY   *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;
    struct stat stat;

    bool fits = key && fstat(fileno(file), &stat) == 0 && (stat.st_mode & 027) == 0 &&
                X509_check_private_key(certificate, key) == 1;
    EVP_PKEY_free(key);
    if (file)
        (void)fclose(file);
    return fits;
}

static struct finding look_at(struct doctor *doctor, X509 *certificate)
{
    int days = 0, seconds = 0;

    bool told = ASN1_TIME_diff(&days, &seconds, NULL, X509_get0_notAfter(certificate)) == 1;
    if (!told || days < CERTIFICATE_BAD_DAYS)
        return find_todo(
            find(doctor, FINDING_BAD, "证书 %d 天后到期", "expires in %d days", days),
            doctor, "马上换证书，换好后重启 linli", "renew it now and restart linli");
    if (!key_fits(doctor, certificate))
        return find_todo(find(doctor, FINDING_BAD, "私钥不是这张证书的，或者别人能读",
                              "the key is not this certificate's, or others can read it"),
                         doctor, "LINLI_TLS_KEY 要配套，权限 0640 或更严",
                         "LINLI_TLS_KEY must belong to it, with mode 0640 or less");
    struct finding finding =
        find(doctor, days < CERTIFICATE_DAYS ? FINDING_MIND : FINDING_GOOD,
             "还有 %d 天到期", "expires in %d days", days);
    return finding.state == FINDING_GOOD
               ? finding
               : find_todo(finding, doctor, "该换证书了", "it is time to renew it");
}

struct finding doctor_certificate(struct doctor *doctor)
{
    const struct config *config = doctor->config;

    if (!config->tls_cert.at && config->proxies.at)
        return find(doctor, FINDING_NONE, "由前面的代理管", "the proxy's in front");
    if (!config->tls_cert.at)
        return find(doctor, FINDING_NONE, "没有用 TLS，只对本机开放",
                    "no TLS: served on this machine only");
    X509 *certificate = read_certificate(doctor);
    if (!certificate)
        return find_todo(find(doctor, FINDING_BAD, "读不了 %.*s", "%.*s cannot be read",
                              STR_ARG(config->tls_cert)),
                         doctor, "LINLI_TLS_CERT 要是 linli 能读的 PEM 文件",
                         "LINLI_TLS_CERT must be a PEM file that linli may read");
    struct finding finding = look_at(doctor, certificate);
    X509_free(certificate);
    return finding;
}

/* ---- pictures and pages ---- */

/* One grey pixel. */
static const unsigned char pixel[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00,
    0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9c, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0x00,
    0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82
};

/* A filter of calls stands over it, and it can gain nothing any more. */
static bool walled(pid_t process)
{
    char  path[64], line[256];
    bool  filtered = false, bound = false;
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        filtered |= strcmp(line, "Seccomp:\t2\n") == 0;
        bound |= strcmp(line, "NoNewPrivs:\t1\n") == 0;
    }
    if (file)
        (void)fclose(file);
    return filtered && bound;
}

static bool decodes(struct doctor *doctor, struct decoder *decoder)
{
    struct decoded decoded = { .verdict = VERDICT_LOST };
    int            file = memfd_create("pixel", MFD_CLOEXEC);

    bool asked = file >= 0 && write(file, pixel, sizeof pixel) == sizeof pixel &&
                 decoder_ask(decoder, doctor->arena, file, &decoded) == RC_OK;
    if (file >= 0)
        (void)close(file);
    return asked && decoded.verdict == VERDICT_OK;
}

struct finding doctor_decoder(struct doctor *doctor)
{
    struct decoder *decoder = NULL;

    bool works =
        decoder_open(doctor->config->decode, &decoder) == RC_OK && decodes(doctor, decoder);
    bool walls = works && walled(decoder_process(decoder));
    decoder_close(&decoder);
    if (walls)
        return find(doctor, FINDING_GOOD, "在墙内能解码", "decodes, behind its walls");
    if (works)
        return find_todo(
            find(doctor, FINDING_BAD, "解码程序没有被关起来",
                 "the decoder is not confined"),
            doctor, "内核要支持 seccomp；换掉被改过的 linli-decode",
            "the kernel must support seccomp; put the packaged linli-decode back");
    return find_todo(find(doctor, FINDING_BAD, "照片解不了：%.*s",
                          "no picture can be read: %.*s", STR_ARG(doctor->config->decode)),
                     doctor, "linli-decode 要和 linli 在同一个目录，要装 libvips",
                     "linli-decode must stand beside linli, and libvips be installed");
}

struct finding doctor_web(struct doctor *doctor)
{
    static const char *const files[] = { "web/dist/index.html", "data/counties.csv" };
    struct str               share = doctor->config->share;

    for (size_t i = 0; i < COUNT(files); i++) {
        struct str path = str_fmt(doctor->arena, "%.*s/%s", STR_ARG(share), files[i]);
        if (access(str_z(doctor->arena, path), R_OK) != 0)
            return find_todo(
                find(doctor, FINDING_BAD, "没有 %.*s", "%.*s is missing", STR_ARG(path)),
                doctor, "重装安装包，或看 LINLI_SHARE 写得对不对",
                "install the package again, or look at LINLI_SHARE");
    }
    return find(doctor, FINDING_GOOD, "都在", "all there");
}
