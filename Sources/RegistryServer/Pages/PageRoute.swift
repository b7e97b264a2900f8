import ArtifactStore
import ContentAddress
import OCI
import Release

/// The pages, as their addresses name them; ``Link`` writes these.
enum PageRoute {
    case home
    case names(after: RepositoryName?)
    case name(RepositoryName, page: Int)
    case release(ReleaseKey)
    case digest(Digest)
    case images(after: String)
    case image(Digest)
    case files(Digest, identity: String?, page: Int)
    case tag(String)
    case audits(verdict: String?, before: Int64?)
    case published
    case graph(String?)
    case storage
    case log(before: Int64?)
    case entry(Int64)
    case search(String)
    case identify

    /// The page of an address; nil where there is none.
    ///
    /// Throws ``APIProblem`` for a parameter that is invalid.
    init?(_ target: RequestTarget) throws {
        let (first, rest) = (target.segments.first ?? "", target.segments.dropFirst())
        let query = target.query
        switch (first, rest.count) {
        case ("", 0): self = .home
        case ("releases", 0):
            guard let after = query["after"] else {
                self = .names(after: nil)
                return
            }
            guard let name = try? RepositoryName(parsing: after) else {
                throw APIProblem.invalid("after", "the name of a release is expected")
            }
            self = .names(after: name)
        case ("releases", _):
            let written = rest.joined(separator: "/")
            if written.contains("@") {
                guard let release = try? ReleaseKey(parsing: written) else { return nil }
                self = .release(release)
            } else {
                guard let name = try? RepositoryName(parsing: written) else { return nil }
                self = .name(name, page: try Self.page(query))
            }
        case ("digests", 1), ("images", 1), ("manifests", 1):
            guard let digest = try? Digest(parsing: rest.joined()) else { return nil }
            switch first {
            case "digests": self = .digest(digest)
            case "images": self = .image(digest)
            default:
                let identity = query["identity"].flatMap { $0.isEmpty ? nil : $0 }
                self = .files(digest, identity: identity, page: try Self.page(query))
            }
        case ("images", 0): self = .images(after: query["after"] ?? "")
        case ("tags", 0): self = .tag(query["reference"] ?? "")
        case ("audits", 0):
            self = .audits(verdict: query["verdict"], before: try Self.number(query["before"], "before"))
        case ("published", 0): self = .published
        case ("graph", 0): self = .graph(query["name"])
        case ("storage", 0): self = .storage
        case ("log", 0): self = .log(before: try Self.number(query["before"], "before"))
        case ("log", 1):
            guard let number = Int64(rest.joined()), number > 0 else { return nil }
            self = .entry(number)
        case ("search", 0): self = .search(query["q"] ?? "")
        case ("identify", 0): self = .identify
        default: return nil
        }
    }

    private static func number(_ text: String?, _ name: String) throws(APIProblem) -> Int64? {
        guard let text else { return nil }
        guard let number = Int64(text), number > 0 else { throw .invalid(name, "a number from 1 on is expected") }
        return number
    }

    private static func page(_ query: [String: String]) throws(APIProblem) -> Int {
        let number = try number(query["page"], "page") ?? 1
        guard number <= 1_000_000 else { throw .invalid("page", "there are no more than a million pages") }
        return Int(number)
    }

    /// Whether the page is a function of the store's history, so that the root of its log can be its entity tag.
    var isOfHistory: Bool {
        switch self {
        // Leases, kept checkpoints and looks at published places are not events.
        case .storage, .published: false
        default: true
        }
    }

    /// Makes the page.
    func page(_ context: SiteContext) throws -> Page {
        let store = context.store
        return switch self {
        case .home: try HomePage.page(store, takesFiles: context.identifies)
        case .names(let after): try NamesPage.page(store, after: after)
        case .name(let name, let number): try NamePage.page(store, name, number: number)
        case .release(let release): try ReleaseDetailPage.page(store, release)
        case .digest(let digest): try DigestPage.page(store, digest)
        case .images(let after): try ImagesPage.page(store, after: after)
        case .image(let digest): try ImagePage.page(store, digest)
        case .files(let manifest, let identity, let number):
            try FilesPage.page(store, manifest, identity: identity, number: number)
        case .tag(let reference): try TagHistoryPage.page(store, reference)
        case .audits(let verdict, let before): try AuditsPage.page(store, verdict: verdict, before: before)
        case .published: try PublishedPage.page(store)
        case .graph(let name): try GraphPage.page(store, name: name)
        case .storage: try StoragePage.page(store)
        case .log(let before): try LogPage.page(store, before: before)
        case .entry(let number): try EntryPage.page(store, number)
        case .search(let text): try SearchPage.page(store, text)
        case .identify: IdentifyPage.page(takesFiles: context.identifies)
        }
    }
}
