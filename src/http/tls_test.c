/* Where a browser sees TLS: here, and in a proxy in front. */
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/http_fixture.h"

static enum rc sign_in(struct op *op, const void *args, struct view *view)
{
    (void)op, (void)args;
    view->session = STR("good");
    view->session_ms = 60000;
    view->session_strict = true;
    return RC_OK;
}

struct seen {
    int64_t    account;
    struct str address;
};
static const struct field seen_fields[] = {
    FIELD_ID(struct seen, account, OPTIONAL),
    FIELD(struct seen, address, OPTIONAL),
};

static enum rc who(struct op *op, const void *args, struct view *view)
{
    struct seen seen = { op->actor->account, op->address };

    (void)args;
    view_struct(view, seen_fields, COUNT(seen_fields), &seen);
    return RC_OK;
}

static const struct act acts[] = {
    { .name = "session.open",
      .method = POST,
      .path = "/sessions",
      .writes = true,
      .quiet = true,
      .run = sign_in },
    { .name = "who.read", .method = GET, .path = "/who", .run = who },
    { 0 },
};

static enum rc actor(void *context, struct op *op, const struct http_credential *shown,
                     struct actor *actor)
{
    (void)context, (void)op;
    actor->kind = ACTOR_PERSON;
    actor->account = 7;
    return str_eq(shown->secret, STR("good")) ? RC_OK : RC_UNAUTHENTICATED;
}

static enum rc ready(void *context, struct op *op)
{
    (void)context, (void)op;
    return RC_OK;
}

static struct str origins[] = { STR_INIT("https://linli.example.cn") };
static struct str proxies[] = { STR_INIT("127.0.0.0/8") };

static struct http_options options_for(enum http_transport transport)
{
    return (struct http_options){ .listen = STR("127.0.0.1:0"),
                                  .transport = transport,
                                  .origins = { origins, COUNT(origins) },
                                  .door = { NULL, actor, ready },
                                  .where = house.where,
                                  .catalogue = house.catalogue,
                                  .gate = house.gate,
                                  .threads = 2 };
}

static int stop(void **state)
{
    (void)state;
    http_close(&http);
    return 0;
}

/* ---- a proxy in front ---- */

static int start_behind_proxy(void **state)
{
    struct http_options options = options_for(HTTP_BEHIND_PROXY);

    (void)state;
    options.proxies = (struct http_texts){ proxies, COUNT(proxies) };
    return http_start(&options, &http) != RC_OK;
}

static struct str forwarded(const char *line, const char *headers)
{
    char text[1024];
    int  n = snprintf(text, sizeof text,
                      "%s HTTP/1.1\r\nHost: linli.example.cn\r\nX-Linli: 1\r\n"
                       "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nConnection: close\r\n%s\r\n",
                      line, headers);

    return talk(text, (size_t)n);
}

TEST(cookies_are_for_tls_alone)
{
    struct str answer = forwarded("POST /api/v1/sessions", "");

    CHECK_STATUS(answer, 204);
    CHECK_HAS(answer, "\r\nSet-Cookie: __Host-linli=good; Path=/; Max-Age=60; HttpOnly; "
                      "SameSite=Strict; Secure\r\n");
    CHECK_HAS(answer,
              "\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n");
    CHECK_HAS(forwarded("GET /api/v1/who", "Cookie: linli=good\r\n"), "\"account\":null");
    CHECK_HAS(forwarded("GET /api/v1/who", "Cookie: __Host-linli=good\r\n"),
              "\"account\":\"7\"");
}

TEST(the_client_is_whom_the_proxy_names)
{
    CHECK_HAS(forwarded("GET /api/v1/who", ""), "\"address\":\"203.0.113.9\"");
}

TEST(only_the_listed_origin_may_change_something)
{
    CHECK_STATUS(forwarded("POST /api/v1/sessions", "Origin: https://linli.example.cn\r\n"),
                 204);
    CHECK_STATUS(forwarded("POST /api/v1/sessions", "Origin: http://linli.example.cn\r\n"),
                 403);
    CHECK_STATUS(
        forwarded("POST /api/v1/sessions", "Origin: https://linli.example.cn.evil\r\n"),
        403);
    CHECK_STATUS(ask("GET", "/api/v1/who", "", NULL), 400); /* Host: 127.0.0.1 */
    CHECK_STATUS(ask("GET", "/healthz", "", NULL), 200);
}

/* ---- TLS here ---- */

static char *pem_of(BIO *bio)
{
    char *at = NULL;
    long  len = BIO_get_mem_data(bio, &at);
    char *text = strndup(at, (size_t)len);

    BIO_free(bio);
    return text;
}

/* A certificate that vouches for itself, for the hour of this test. */
static void make_certificate(char **cert, char **key)
{
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509     *x509 = X509_new();
    BIO      *key_pem = BIO_new(BIO_s_mem()), *cert_pem = BIO_new(BIO_s_mem());

    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, pair);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                               (const unsigned char *)"linli.example.cn", -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    CHECK(X509_sign(x509, pair, EVP_sha256()) > 0);
    CHECK(PEM_write_bio_PrivateKey(key_pem, pair, NULL, NULL, 0, NULL, NULL));
    CHECK(PEM_write_bio_X509(cert_pem, x509));
    *key = pem_of(key_pem);
    *cert = pem_of(cert_pem);
    X509_free(x509);
    EVP_PKEY_free(pair);
}

static int start_with_tls(void **state)
{
    struct http_options options = options_for(HTTP_TLS);
    char               *cert, *key;

    (void)state;
    make_certificate(&cert, &key);
    options.tls_cert = str_of(cert);
    options.tls_key = str_of(key);
    int failed = http_start(&options, &http) != RC_OK;
    free(cert);
    free(key);
    return failed;
}

static size_t drop(char *at, size_t size, size_t n, void *context)
{
    (void)at, (void)context;
    return size * n;
}

/* The status, 0 when the connection was refused. */
static long fetch(long version)
{
    CURL              *easy = curl_easy_init();
    long               status = 0;
    char               url[64];
    struct curl_slist *headers = curl_slist_append(NULL, "Host: linli.example.cn");

    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u/api/v1/who", http_port(http));
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, version);
    curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST,
                     "DEFAULT@SECLEVEL=0"); /* old ones too */
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, 5L);
    if (curl_easy_perform(easy) == CURLE_OK)
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    return status;
}

TEST(only_today_s_tls_is_spoken)
{
    CHECK_INT(fetch(CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2), 200);
    CHECK_INT(fetch(CURL_SSLVERSION_TLSv1_3), 200);
    CHECK_INT(fetch(CURL_SSLVERSION_TLSv1_1 | CURL_SSLVERSION_MAX_TLSv1_1), 0);
}

static int prepare(void **state)
{
    return house_open(state, acts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cookies_are_for_tls_alone, start_behind_proxy,
                                        stop),
        cmocka_unit_test_setup_teardown(the_client_is_whom_the_proxy_names,
                                        start_behind_proxy, stop),
        cmocka_unit_test_setup_teardown(only_the_listed_origin_may_change_something,
                                        start_behind_proxy, stop),
        cmocka_unit_test_setup_teardown(only_today_s_tls_is_spoken, start_with_tls, stop),
    };
    return cmocka_run_group_tests(tests, prepare, house_close);
}
