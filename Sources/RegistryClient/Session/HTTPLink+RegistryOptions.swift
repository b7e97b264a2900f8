import HTTP

extension HTTPLink {
    /// A client that talks to registries in this way.
    convenience init(_ options: RegistryOptions) throws(RegistryError) {
        var http = HTTPOptions(environment: options.environment)
        http.certificateAuthorities = options.certificateAuthorities
        http.isInsecure = options.isInsecure
        http.userAgent = options.userAgent
        http.connectTimeout = options.connectTimeout
        http.patience = options.patience
        do throws(CertificateFileError) {
            try self.init(http)
        } catch {
            throw .certificates(path: error.path, reason: error.reason)
        }
    }
}
