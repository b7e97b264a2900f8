import ContentAddress
import HTTP
import ImageTransport
import NIOHTTP1
import OCI

/// The tag that lists what refers to a manifest, in registries without the list of referrers (OCI distribution
/// specification 1.1, "Referrers Tag Schema").
///
/// Two clients that add at the same time may each lose the other's entry; the specification knows no better.
struct ReferrersTag {
    private let subject: Digest
    private let session: RegistrySession

    init(of subject: Digest, in session: RegistrySession) {
        (self.subject, self.session) = (subject, session)
    }

    /// `sha256-<hex>`.
    static func name(of subject: Digest) -> String { "sha256-\(subject.hex)" }

    /// Adds an entry, and leaves the others as they are written; does nothing when it is there.
    func add(
        _ descriptor: Descriptor,
        put: ([UInt8]) throws(RegistryError) -> Void
    ) throws(RegistryError) {
        let former = try fetch()
        guard former?.index.manifests.contains(where: { $0.digest == descriptor.digest }) != true else { return }
        let bytes: [UInt8]
        do {
            let entry = try JSONValue(parsing: CanonicalJSON.encode(descriptor))
            var members: [String: JSONValue] = [
                "manifests": .array([]), "mediaType": .string(MediaType.imageIndex), "schemaVersion": 2,
            ]
            if let former, case .object(let known) = try JSONValue(parsing: former.bytes, keepsNumbers: true) {
                members = known
            }
            guard case .array(let entries)? = members["manifests"] else {
                throw unusable("it has no list of manifests")
            }
            members["manifests"] = .array(entries + [entry])
            bytes = CanonicalJSON.encode(.object(members))
        } catch let error as RegistryError {
            throw error
        } catch {
            throw unusable("\(error)")
        }
        try put(bytes)
    }

    /// Names the list in errors.
    var what: String { "the list of what refers to \(subject.short)" }

    /// The list as the registry has it; nil where there is no such tag.
    func bytes() throws(RegistryError) -> [UInt8]? {
        guard let url = session.url("manifests/\(Self.name(of: subject))") else {
            throw .reference(Self.name(of: subject), rule: "it is damaged")
        }
        var call = HTTPCall(method: .GET, url: url)
        call.headers.add(name: "Accept", value: MediaType.imageIndex)
        do throws(RegistryError) {
            return try session.fetch(RegistryRequest(what: what, call: call), limit: Int(ImageDocument.largestSize)).1
        } catch .notFound {
            return nil
        }
    }

    private func fetch() throws(RegistryError) -> (bytes: [UInt8], index: ImageIndex)? {
        guard let bytes = try bytes() else { return nil }
        do throws(OCIError) {
            return (bytes, try DocumentReading<ImageIndex>.decode(bytes, as: .index, mediaType: nil, what: what))
        } catch {
            throw unusable("\(error)")
        }
    }

    private func unusable(_ reason: String) -> RegistryError {
        .malformed(
            what: "the tag \(Self.name(of: subject).prefix(19))…",
            place: session.location.place,
            reason: reason
        )
    }
}
