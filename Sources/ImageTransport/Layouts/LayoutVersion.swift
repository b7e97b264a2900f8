import OCI

/// The `oci-layout` file (OCI image specification 1.1, image-layout.md, "oci-layout file").
enum LayoutVersion {
    /// Checks that it says what this version reads; a layout without one is one to some tools.
    static func check(_ files: any LayoutFiles, _ name: String, isRequired: Bool) throws(TransportError) {
        struct Layout: Decodable { let imageLayoutVersion: String? }
        let bytes: [UInt8]
        do throws(TransportError) {
            bytes = try files.bytes(of: "oci-layout", limit: 4096)
        } catch {
            guard case .notFound = error, !isRequired else { throw error }
            return
        }
        let layout = try decodeDocument(Layout.self, bytes, as: .layout, "oci-layout of \(name)")
        // What is read is what 1.0.0 says of it, which a later 1.x may only add to; skopeo asks for no version at all.
        let version = layout.imageLayoutVersion
        guard version == "1.0.0" || !isRequired && version?.hasPrefix("1.") != false else {
            let found = version.map { "it is of version \($0.prefix(32))" } ?? "it has no version"
            throw .document(what: "oci-layout of \(name)", reason: "\(found), not of 1.0.0")
        }
    }
}
