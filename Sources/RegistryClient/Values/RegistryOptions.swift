package import HTTP
package import ImageTransport

/// How registries are talked to.
package struct RegistryOptions: Sendable {
    /// A PEM file of certificate authorities that are trusted beside the system's.
    package var certificateAuthorities: String?
    /// Whether a registry may have a certificate that nobody vouches for, or none at all.
    package var isInsecure = false
    /// Where credentials are looked for: `REGISTRY_AUTH_FILE`, `XDG_RUNTIME_DIR`, `DOCKER_CONFIG`, `HOME`, `PATH`;
    /// and proxies: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`.
    package var environment: [String: String]
    /// Tokens for some registries, by host, in the place of what is found there.
    package var tokens: [String: String] = [:]
    /// What every request says of its sender, in `User-Agent`.
    package var userAgent = "bindery"
    /// Hears what a person should know though nothing has failed.
    package var warn: @Sendable (String) -> Void = { _ in }
    /// When a request is sent again.
    package var retry = RetryPolicy()
    /// How long a connection may take, in seconds.
    package var connectTimeout: Int64 = 15
    /// How long a registry is waited for.
    package var patience = Patience.registry
    /// How long a container engine is waited for.
    package var enginePatience = Patience.engine

    /// Options with everything at its usual value.
    package init(environment: [String: String]) {
        self.environment = environment
    }

    /// How many blobs are sent at once.
    static let concurrency = 4
    /// How many redirects are followed: as many as other clients do.
    static let largestRedirectCount = 10
}
