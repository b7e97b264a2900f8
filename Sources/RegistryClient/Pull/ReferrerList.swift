import ContentAddress
import FoundationEssentials
import HTTP
import ImageTransport
import NIOHTTP1
import OCI

/// What a registry lists that refers to a manifest (OCI distribution specification 1.1, "Listing Referrers"), or what the
/// tag says that stands for the list.
struct ReferrerList {
    /// What is listed and not among the entries.
    enum Rest {
        case nothing
        /// There may be more than was asked for.
        case more
        /// An answer that can't be read here; `isList` says whether engines may find entries in it.
        case unreadable(RegistryError, isList: Bool)
    }

    private(set) var entries: [Descriptor] = []
    private(set) var rest = Rest.nothing
    /// Whether engines may read other entries than these, since members stand twice or are spelt in another case.
    private(set) var isAmbiguous = false

    private static let largestPageCount = 65
    private static let largestTotal = 4 * Int(ImageDocument.largestSize)

    /// Asks a registry; `filter` is the query, at least `count` entries are taken where there are so many.
    init(of subject: Digest, _ filter: String, atLeast count: Int, in session: RegistrySession) throws(RegistryError) {
        do throws(RegistryError) {
            try readPages(of: subject, filter, count, session)
            return
        } catch .notFound {
        } catch .refused {
            // The answer of some registries that know no such list.
        }
        let tag = ReferrersTag(of: subject, in: session)
        if let bytes = try tag.bytes() { add(bytes, tag.what, session) }
    }

    private mutating func readPages(
        of subject: Digest,
        _ filter: String,
        _ count: Int,
        _ session: RegistrySession
    ) throws(RegistryError) {
        let what = "the list of what refers to \(subject.short)"
        var next = session.url("referrers/\(subject)\(filter)")
        var total = 0
        for _ in 0..<Self.largestPageCount {
            guard let url = next else { return }
            guard entries.count < count, total < Self.largestTotal else { break }
            var call = HTTPCall(method: .GET, url: url)
            call.headers.add(name: "Accept", value: MediaType.imageIndex)
            let request = RegistryRequest(what: what, call: call)
            let (answer, bytes) = try session.fetch(request, limit: Int(ImageDocument.largestSize))
            total += bytes.count
            add(bytes, what, session)
            guard case .nothing = rest else { return }
            next = try session.next(after: answer, of: what, from: url)
        }
        if next != nil { rest = .more }
    }

    private mutating func add(_ bytes: [UInt8], _ what: String, _ session: RegistrySession) {
        do throws(OCIError) {
            entries += try DocumentReading<ImageIndex>(bytes, as: .other, what: what).value.manifests
            isAmbiguous = isAmbiguous || LayerAcceleration.isListAmbiguous(bytes)
        } catch {
            let error = RegistryError.malformed(what: what, place: session.location.place, reason: "\(error)")
            rest = .unreadable(error, isList: LayerAcceleration.mayList(bytes))
        }
    }
}
