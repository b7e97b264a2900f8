package import HTTP

/// How object storage is talked to.
package struct ObjectStorageOptions: Sendable {
    /// The connection, and the environment that credentials, region and endpoint are looked for in.
    package var http: HTTPOptions
    /// When a request is sent again.
    package var retry = RetryPolicy()

    /// Options with everything at its usual value.
    package init(_ http: HTTPOptions) {
        self.http = http
    }
}

extension HTTPLink {
    /// A client that is set up in this way; throws ``ObjectStorageError/certificates(path:reason:)``.
    convenience init(opening options: HTTPOptions) throws(ObjectStorageError) {
        do throws(CertificateFileError) {
            try self.init(options)
        } catch {
            throw .certificates(path: error.path, reason: error.reason)
        }
    }
}
