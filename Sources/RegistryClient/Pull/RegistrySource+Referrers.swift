package import ContentAddress
import FoundationEssentials
import HTTP
package import ImageTransport
import NIOHTTP1
package import OCI

extension RegistrySource {
    /// Whether the registry lists something of an artifact type that refers to a manifest.
    ///
    /// True, too, where engines may find one and it can't be seen here: a list that is too large or has no end, that is
    /// led to a place which isn't asked, or that engines' readers of JSON take and the strict one doesn't. False where the
    /// registry hands out no list, or something that isn't one, such as a page. Throws where there is no answer. What nydus
    /// mounts may have any type: so it is for ``LayerAcceleration/nydusType`` that the first ones are looked at.
    package func hasReferrer(to digest: Digest, ofType type: String) throws(TransportError) -> Bool {
        do throws(RegistryError) {
            let isMounted = type == LayerAcceleration.nydusType
            // A registry may leave the filter aside.
            let filter = isMounted ? "" : "?artifactType=\(PercentEncoding.encode(type))"
            let count = isMounted ? Self.largestLookedAt : Self.largestListed
            let list = try ReferrerList(of: digest, filter, atLeast: count, in: session)
            if list.isAmbiguous || list.entries.contains(where: { $0.artifactType == type }) { return true }
            // nydus-snapshotter takes the first one; registries may list in another order each time.
            for referrer in isMounted ? list.entries.prefix(count) : [] where try mayBeMounted(referrer) { return true }
            return switch list.rest {
            case .nothing: false
            case .more: list.entries.count < count || !isMounted
            case .unreadable(_, let isList): isList
            }
        } catch {
            switch error {
            case .notFound, .denied, .forbidden, .refused, .malformed: return false
            // Engines follow further, and read more.
            case .redirect, .tooLarge, .digest: return true
            case .reference, .unreachable, .brokenOff, .tooSlow, .busy, .credentials, .certificates, .source:
                throw error.transport
            }
        }
    }

    // What the registry refuses, engines don't get either, unless it fails. What can't be read here, is too large or has another digest,
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
            case .refused(_, _, let status, _): return status >= 500
            case .denied, .forbidden: return false
            case .malformed, .digest, .tooLarge, .redirect: return true
            case .reference, .unreachable, .brokenOff, .tooSlow, .busy, .credentials, .certificates, .source:
                throw error
            }
        }
    }

    private static let largestLookedAt = 8
    private static let largestListed = 4096

    /// Lists what the registry knows to refer to a manifest (OCI distribution specification 1.1, "Listing Referrers"),
    /// or what the tag says that stands for the list.
    package func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        do throws(RegistryError) {
            // One entry more than travels is enough to say that there are more.
            let count = ImageReferrers.largestCount + 1
            let list = try ReferrerList(of: subject.digest, "", atLeast: count, in: session)
            if case .unreadable(let error, _) = list.rest { throw error }
            return list.entries
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
}
