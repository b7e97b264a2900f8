package import ContentAddress
import ImageTransport
import NIOHTTP1
import OCI

extension RegistrySource {
    /// Whether the registry lists something of an artifact type that refers to a manifest (OCI distribution specification
    /// 1.1, "Listing Referrers"), or did so in the way of registries without that list, by a tag.
    ///
    /// False, too, where it doesn't say.
    package func hasReferrer(to digest: Digest, ofType type: String) -> Bool {
        let list = "referrers/\(digest)?artifactType=\(PercentEncoding.encode(type))"
        for path in [list, "manifests/sha256-\(digest.hex)"] {
            guard let url = session.url(path) else { return false }
            var call = HTTPCall(method: .GET, url: url)
            call.headers.add(name: "Accept", value: MediaType.imageIndex)
            let request = RegistryRequest(what: "what refers to \(digest.short)", call: call)
            do {
                let (_, bytes) = try session.fetch(request, limit: Int(ImageDocument.largestSize))
                let index = try DocumentReading<ImageIndex>(bytes, as: .other, what: request.what).value
                // A registry may leave the filter aside.
                return index.manifests.contains { $0.artifactType == type }
            } catch RegistryError.notFound {
                continue
            } catch {
                return false
            }
        }
        return false
    }
}
