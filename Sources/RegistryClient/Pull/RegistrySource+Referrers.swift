package import ContentAddress
import FoundationEssentials
import HTTP
package import ImageTransport
import NIOHTTP1
package import OCI

extension RegistrySource {
    /// Whether the registry lists something of an artifact type that refers to a manifest.
    ///
    /// False, too, where its answer isn't such a list. Throws where there is no answer. What nydus mounts may have any type:
    /// so it is for ``LayerAcceleration/nydusType`` that the first ones are looked at.
    package func hasReferrer(to digest: Digest, ofType type: String) throws(TransportError) -> Bool {
        do throws(RegistryError) {
            if type == LayerAcceleration.nydusType {
                // nydus-snapshotter takes the first one; registries may list in another order each time.
                for referrer in try list(to: digest, "").prefix(Self.largestLookedAt) {
                    if referrer.artifactType == type { return true }
                    if try mayBeMounted(referrer) { return true }
                }
                return false
            }
            // A registry may leave the filter aside.
            return try list(to: digest, "?artifactType=\(PercentEncoding.encode(type))")
                .contains { $0.artifactType == type }
        } catch {
            switch error {
            case .notFound, .denied, .forbidden, .refused, .malformed, .redirect, .digest, .tooLarge: return false
            case .reference, .unreachable, .brokenOff, .tooSlow, .busy, .credentials, .certificates, .source:
                throw error.transport
            }
        }
    }

    // What the registry refuses, engines don't get either. What can't be read here, is too large or has another digest,
    // they may take all the same: nydus-snapshotter compares no digest.
    private func mayBeMounted(_ referrer: Descriptor) throws(RegistryError) -> Bool {
        do throws(RegistryError) {
            let document = try Self.manifest(
                "\(referrer.digest)",
                what: "manifest \(referrer.digest.short)",
                expected: referrer.digest,
                session
            )
            return LayerAcceleration.mayBeMounted(document, isListed: true)
        } catch {
            switch error {
            // One of another type is asked for as a blob.
            case .notFound: return !MediaType.isManifest(referrer.mediaType) && !MediaType.isIndex(referrer.mediaType)
            case .denied, .forbidden, .refused, .redirect: return false
            case .malformed, .digest, .tooLarge: return true
            case .reference, .unreachable, .brokenOff, .tooSlow, .busy, .credentials, .certificates, .source:
                throw error
            }
        }
    }

    private static let largestLookedAt = 8

    /// Lists what the registry knows to refer to a manifest (OCI distribution specification 1.1, "Listing Referrers"),
    /// or what the tag says that stands for the list.
    package func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        do {
            return try list(to: subject.digest, "")
        } catch {
            throw error.transport
        }
    }

    /// Lists what tags attach to a manifest, as cosign 2 does.
    ///
    /// Each is asked for by HEAD first, which registries don't count as a pull.
    package func tagged(_ subject: Descriptor) throws(TransportError) -> [Descriptor] {
        var listed: [Descriptor] = []
        for tag in CosignTag.all(of: subject.digest) {
            do throws(RegistryError) {
                guard try session.mayHave("manifests/\(tag.text)", what: "the tag \(tag.text)") else { continue }
                let document = try Self.manifest(tag.text, what: "the tag \(tag.text)", expected: nil, session)
                listed.append(document.descriptor.attached(by: tag))
            } catch {
                guard case .notFound = error else { throw error.transport }
            }
        }
        return listed
    }

    private func list(to digest: Digest, _ filter: String) throws(RegistryError) -> [Descriptor] {
        do throws(RegistryError) {
            return try pages(of: digest, filter)
        } catch .notFound {
        } catch .refused {
            // The answer of some registries that know no such list.
        }
        return try ReferrersTag(of: digest, in: session).entries()
    }

    // One entry more than travels is enough to say that there are more.
    private func pages(of digest: Digest, _ filter: String) throws(RegistryError) -> [Descriptor] {
        let what = "the list of what refers to \(digest.short)"
        var listed: [Descriptor] = []
        var next = session.url("referrers/\(digest)\(filter)")
        for _ in 0...ImageReferrers.largestCount {
            guard let url = next, listed.count <= ImageReferrers.largestCount else { break }
            var call = HTTPCall(method: .GET, url: url)
            call.headers.add(name: "Accept", value: MediaType.imageIndex)
            let request = RegistryRequest(what: what, call: call)
            let (answer, bytes) = try session.fetch(request, limit: Int(ImageDocument.largestSize))
            do throws(OCIError) {
                listed += try DocumentReading<ImageIndex>(bytes, as: .other, what: what).value.manifests
            } catch {
                throw .malformed(what: what, place: session.location.place, reason: "\(error)")
            }
            next = try session.next(after: answer, of: what, from: url)
        }
        return listed
    }
}
