package import ImageTransport

/// How servers are talked to over HTTP.
package struct HTTPOptions: Sendable {
    /// A PEM file of certificate authorities that are trusted beside the system's.
    package var certificateAuthorities: String?
    /// Whether a server may have a certificate that nobody vouches for.
    package var isInsecure = false
    /// Where proxies are looked for: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`.
    package var environment: [String: String]
    /// What every request says of its sender, in `User-Agent`.
    package var userAgent = "bindery"
    /// How long a connection may take, in seconds.
    package var connectTimeout: Int64 = 15
    /// How long a server is waited for.
    package var patience = Patience.registry

    /// Options with everything at its usual value.
    package init(environment: [String: String]) {
        self.environment = environment
    }
}

/// Why a file of certificate authorities can't be used.
package struct CertificateFileError: Error, Equatable {
    /// The file's path.
    package let path: String
    /// What is wrong with it, in a person's words.
    package let reason: String
}
