import OCI

/// The `oci-layout` file (OCI image specification 1.1, image-layout.md, "oci-layout file").
enum LayoutVersion {
    /// Checks that it says what this version reads; a layout without one is one to some tools.
    static func check(_ files: any LayoutFiles, _ name: String, isRequired: Bool) throws(TransportError) {
        struct Layout: Decodable { let imageLayoutVersion: String }
        let bytes: [UInt8]
        do throws(TransportError) {
            bytes = try files.bytes(of: "oci-layout", limit: 4096)
        } catch {
            guard case .notFound = error, !isRequired else { throw error }
            return
        }
        let layout = try decodeDocument(Layout.self, bytes, as: .layout, "oci-layout of \(name)")
        guard layout.imageLayoutVersion == "1.0.0" else {
            throw .document(what: "oci-layout of \(name)", reason: "it isn't of version 1.0.0")
        }
    }
}
