import ContentAddress
import FoundationEssentials
import HTTP
package import ImageTransport
package import JSON
import NIOHTTP1
package import OCI

/// What a registry lists.
///
/// Calls block.
package struct RegistryListing: Sendable {
    private let place: RegistryPlace
    private let session: @Sendable (_ repository: String) throws(RegistryError) -> RegistrySession

    /// No list of one repository has more tags, and no server more names: what a store can hold is far below.
    private static let largestCount = 1_000_000
    private static let largestPage = 64 << 20

    init(
        _ place: RegistryPlace,
        session: @escaping @Sendable (_ repository: String) throws(RegistryError) -> RegistrySession
    ) {
        (self.place, self.session) = (place, session)
    }

    /// The tags of a repository (OCI distribution specification 1.1, "Listing Tags"); nil where there is none of this
    /// name.
    package func tags(of repository: RepositoryName) throws(TransportError) -> [Tag]? {
        do throws(RegistryError) {
            let session = try session(repository.text)
            var tags: [Tag] = []
            var next = session.url("tags/list?n=1000")
            while let url = next {
                let what = "the tags of \(repository)"
                let request = RegistryRequest(what: what, call: HTTPCall(method: .GET, url: url))
                let (answer, bytes) = try session.fetch(request, limit: Self.largestPage)
                guard let list = (try? Self.document(bytes))?["tags"], [.null, .array].contains(list.kind)
                else {
                    throw .malformed(what: what, place: place.host, reason: "a list of tags is expected")
                }
                let page = list.elements.compactMap { $0.string.flatMap { try? Tag(parsing: $0) } }
                tags += page
                next = page.isEmpty ? nil : try session.next(after: answer, of: what, from: url)
                guard tags.count <= Self.largestCount else {
                    throw .tooLarge(what: what, size: Int64(tags.count), limit: Int64(Self.largestCount))
                }
            }
            return tags
        } catch .notFound {
            return nil
        } catch {
            throw error.transport
        }
    }

    /// The names that the API of a bindery lists: releases, `name@version`, or images, `name:tag`.
    ///
    /// Throws ``TransportError/notFound(what:place:)`` where there is no such API.
    package func names(of kind: NameKind) throws(TransportError) -> [String] {
        do throws(RegistryError) {
            let session = try session("api/v1")
            var names: [String] = []
            var after: String?
            repeat {
                let place = after.map { "&after=" + PercentEncoding.encode($0) } ?? ""
                let page = try Self.page(kind, "\(kind.rawValue)?limit=200\(place)", session)
                names += page.names
                guard page.next == nil || page.next != after, names.count <= Self.largestCount else {
                    throw .malformed(
                        what: "the list of \(kind.rawValue)",
                        place: self.place.host,
                        reason: "it has no end"
                    )
                }
                after = page.next
            } while after != nil
            return names
        } catch {
            throw error.transport
        }
    }

    /// What the API of a bindery says, below `/api/v1/`.
    ///
    /// Throws ``TransportError/notFound(what:place:)`` for what it doesn't have.
    package func document(_ path: String) throws(TransportError) -> JSONDocument {
        do throws(RegistryError) {
            let session = try session("api/v1")
            guard let url = session.url(api: path) else { throw .reference(path, rule: "it is damaged") }
            let request = RegistryRequest(what: path, call: HTTPCall(method: .GET, url: url))
            let (_, bytes) = try session.fetch(request, limit: Self.largestPage)
            do throws(JSONError) {
                return try JSONDocument(bytes, limits: JSONDocument.Limits(size: Self.largestPage))
            } catch {
                throw .malformed(what: path, place: place.host, reason: "\(error)")
            }
        } catch {
            throw error.transport
        }
    }

    private static func document(_ bytes: [UInt8]) throws(JSONError) -> JSONValueView {
        try JSONDocument(bytes, limits: JSONDocument.Limits(size: largestPage)).value
    }

    /// What is listed.
    package enum NameKind: String, Sendable {
        case releases, images
    }

    private static func page(
        _ kind: NameKind,
        _ path: String,
        _ session: RegistrySession
    ) throws(RegistryError) -> (names: [String], next: String?) {
        let what = "the list of \(kind.rawValue)"
        guard let url = session.url(api: path) else { throw .reference(path, rule: "it is damaged") }
        let request = RegistryRequest(what: what, call: HTTPCall(method: .GET, url: url))
        let (_, bytes) = try session.fetch(request, limit: largestPage)
        guard let page = try? document(bytes), let items = page[kind.rawValue], items.kind == .array
        else {
            throw .notFound(what: "bindery's API", place: session.location.host)
        }
        let names = items.elements.compactMap { item -> String? in
            switch kind {
            case .images: return item["reference"]?.string
            case .releases:
                guard let name = item["name"]?.string, let version = item["version"]?.string else { return nil }
                return "\(name)@\(version)"
            }
        }
        return (names, page["next"]?.string)
    }
}

extension RegistryImages {
    /// What a registry lists.
    package func listing(_ place: RegistryPlace) -> RegistryListing {
        RegistryListing(place) { repository throws(RegistryError) in
            try self.session(RegistryLocation(parsing: "\(place.host)/\(repository)"), for: "pull")
        }
    }
}
