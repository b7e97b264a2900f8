import NIOHTTP1

extension Answer {
    /// What a page of this server may load and do: its own styles, its own script, its own forms; nothing of other hosts.
    private static let policy = [
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "img-src 'self'", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// A page; `entityTag` of one that is a function of it.
    init(_ page: Page, entityTag: String? = nil) {
        self.init(
            page.status,
            site: "text/html; charset=utf-8",
            Array(page.html.text.utf8),
            Self.pageFields + (entityTag.map { [("ETag", $0)] } ?? [])
        )
    }

    static let pageFields = [
        ("Content-Security-Policy", policy), ("Referrer-Policy", "same-origin"), ("Cache-Control", "no-cache"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    /// A styles sheet, the script or the icon, whose name changes with its bytes.
    init(_ asset: Asset) {
        self.init(
            .ok,
            site: asset.type,
            asset.bytes,
            [("Cache-Control", "public, max-age=31536000, immutable"), ("Content-Security-Policy", policyOfAssets)]
        )
    }
}

private let policyOfAssets = "default-src 'none'; style-src 'unsafe-inline'"
