//! URLs that webhooks may call.

use crm_steps::domain::url::WebhookHosts;

use super::{allowed, checked};

#[test]
fn public_http_urls_are_accepted() {
    let longest = vec!["a".repeat(63); 3].join(".") + "." + &"b".repeat(61);
    assert_eq!(longest.len(), 253);
    for url in [
        "https://example.com",
        "https://example.com.",
        "http://example.com:8080/a?b=c#d",
        "http://example.com:/",
        "HTTPS://EXAMPLE.COM/",
        "https://bücher.example/hook",
        "https://xn--bcher-kva.example/hook",
        // Contains a non-joiner, which is visible in this form.
        "https://xn--mgba3gch31f060k.example/",
        "https://例え.jp/",
        "https://my_bucket.s3.example.com/",
        "https://-a-.example.com/",
        "http://93.184.216.34/",
        "http://203.0.113.7:65535/",
        "http://[2606:4700::1111]/",
        "http://[::ffff:8.8.8.8]/",
        "http://[64:ff9b::808:808]/",
        "http://[2002:808:808::]/",
        "https://internal.example.com/",
        "https://localhost.example.com/",
        "https://notlocal.example/",
        "https://mylan.example/",
        "https://metadata.goog.example.com/",
        "https://xmetadata.goog/",
        "https://tencentyun.com/",
        "https://kubernetes.default.example.com/",
        "https://svc.example.com/",
        "https://consul.io/",
        "https://example.com/{{lead.id}}?x=%00\u{200b}",
        &format!("http://{longest}/"),
        &format!("http://{longest}./"),
    ] {
        assert_eq!(allowed(url), Ok(()), "{url}");
    }
}

#[test]
fn only_absolute_http_urls_are_valid() {
    for url in [
        "example.com/hook",
        "/hook",
        "//example.com/hook",
        "ftp://example.com",
        "javascript:alert(1)",
        "http:example.com",
        "http:\\\\example.com",
        "http://",
        "http:///example.com",
        "https://user@example.com",
        "https://user:secret@example.com",
        "https://@example.com",
        "http://exa mple.com",
        " https://example.com",
        "https://example.com/a\nb",
        "https://example.com\\@127.0.0.1/",
        "http://[::1",
        "http://example.com:99999/",
    ] {
        assert_eq!(allowed(url), Err("INVALID_URL"), "{url}");
    }
}

#[test]
fn hosts_that_are_invalid_in_dns_are_rejected() {
    let label = "a".repeat(64);
    let labels = vec!["a".repeat(63); 3].join(".") + "." + &"b".repeat(62);
    assert_eq!(labels.len(), 254);
    let umlauts = "ü".repeat(60);
    for host in [
        "a..example.com",
        ".example.com",
        "example.com..",
        "example..com",
        "..",
        ".",
        "a..localhost",
        "metadata.goog..",
        "{{x}}.example.com",
        "{{host}}",
        "$host.example.com",
        "*.example.com",
        "a,b.example.com",
        "a;b.example.com",
        "(a).example.com",
        "a=b.example.com",
        "a!.example.com",
        "a'.example.com",
        "a~b.example.com",
        "a+b.example.com",
        "a&b.example.com",
        "ex\u{200b}ample.com",
        "ex\u{ad}ample.com",
        "ex\u{2060}ample.com",
        "ex\u{feff}ample.com",
        "ex\u{200d}ample.com",
        "ex\u{fe0f}ample.com",
        "example.com\u{200b}",
        "\u{202e}example.com",
        "ex\u{3164}ample.com",
        "نامه\u{200c}ای.example",
        "ex%E2%80%8Bample.com",
        "ex%61mple.com",
        "ex%00ample.com",
        "xn--a.example.com",
        "example.com:0",
        "example.com:00",
        "93.184.216.34:0",
        "[2606:4700::1111]:0",
        "1.2.3.4.5",
        "1.2.3.256",
        "example.1",
        "[fe80::1%25eth0]",
        "[fe80::1%eth0]",
        "[::1]x",
        "[1.2.3.4]",
        &format!("{label}.example.com"),
        &format!("{umlauts}.example.com"),
        &labels,
    ] {
        for hosts in [WebhookHosts::Public, WebhookHosts::Any] {
            let url = format!("http://{host}/x");
            assert_eq!(checked(&url, &hosts), Err("INVALID_URL"), "{host:?} {hosts:?}");
        }
    }
}
