import ContentAddress
import JSON
import RegistryClient

/// A release on a page of GitHub or GitLab, which something else writes: `github:OWNER/REPOSITORY@TAG`,
/// `gitlab:GROUP/PROJECT@TAG`, with the host before it where it is another one.
package struct ForgePage: Hashable, Sendable, CustomStringConvertible {
    enum Kind: String, CaseIterable {
        case github, gitlab

        var host: String { self == .github ? "github.com" : "gitlab.com" }
    }

    let kind: Kind
    /// Host and port.
    let host: String
    /// Owner and repository, or the groups and the project.
    let project: String
    let tag: String

    /// Reads the written form; nil for a place of another kind.
    ///
    /// Throws ``PublishError/place(_:rule:)``.
    package init?(parsing text: String) throws(PublishError) {
        guard let kind = Kind.allCases.first(where: { text.hasPrefix($0.rawValue + ":") }) else { return nil }
        let rest = text.dropFirst(kind.rawValue.count + 1)
        guard let at = rest.firstIndex(of: "@") else {
            throw .place(text, rule: "\(kind.rawValue):OWNER/NAME@TAG is expected, with the tag of the release")
        }
        var parts = rest[..<at].split(separator: "/", omittingEmptySubsequences: false)
        var host = kind.host
        // No owner has a dot or a colon in its name.
        if let first = parts.first, first == "localhost" || first.contains(":") || first.contains("."), parts.count > 2
        {
            host = String(parts.removeFirst())
        }
        tag = String(rest[rest.index(after: at)...])
        let isProject = kind == .github ? parts.count == 2 : parts.count >= 2
        guard isProject, !tag.isEmpty, parts.allSatisfy(Self.isName), tag.split(separator: "/").allSatisfy(Self.isName)
        else { throw .place(text, rule: "\(kind.rawValue):OWNER/NAME@TAG is expected") }
        (self.kind, self.host, project) = (kind, host, parts.joined(separator: "/"))
    }

    private static func isName(_ text: Substring) -> Bool {
        let refused = "?#%\\".utf8
        return !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !refused.contains($0) }
    }

    package var description: String {
        "\(kind.rawValue):\(host == kind.host ? "" : host + "/")\(project)@\(tag)"
    }

    /// Where the API tells of the release.
    ///
    /// GitHub REST API, "Get a release by tag name"; GitLab REST API, "Get a release by a tag name".
    var address: String {
        let tag = PercentEncoding.encode(tag)
        return switch kind {
        case .github where host == kind.host: "https://api.github.com/repos/\(project)/releases/tags/\(tag)"
        case .github: "\(scheme)://\(host)/api/v3/repos/\(project)/releases/tags/\(tag)"
        case .gitlab: "\(scheme)://\(host)/api/v4/projects/\(PercentEncoding.encode(project))/releases/\(tag)"
        }
    }

    // This machine's own servers are reached without TLS, as its registries are.
    private var scheme: String { WebFiles.isOfThisMachine(host) ? "http" : "https" }
}

/// A file of such a page.
struct ForgeAsset: Hashable, Sendable {
    let name: String
    let address: String
    /// Its size in bytes, where the page says it.
    let size: Int64?
    /// What the page says of its state, so that it needn't be read at each look; nil where it says too little.
    let state: String?
}

extension ForgePage {
    /// A page with more files is not a release page.
    private static let mostAssets = 2000
    private static let largestAnswer = 16 << 20

    /// The files of the page, by name.
    ///
    /// Throws ``ImageTransport/TransportError`` where the page isn't there or can't be read, and
    /// ``PublishError/page(_:reason:)`` for an answer that isn't one.
    func assets(_ web: WebFiles) throws -> [ForgeAsset] {
        let bytes = try web.bytes(address, limit: Self.largestAnswer)
        guard let value = try? JSONDocument(bytes, limits: JSONDocument.Limits(size: Self.largestAnswer)).value else {
            throw PublishError.page("\(self)", reason: "its API doesn't answer with JSON")
        }
        let list = kind == .github ? value["assets"] : value["assets"]?["links"]
        guard let list, list.kind == .array else {
            throw PublishError.page("\(self)", reason: "its API tells of no assets")
        }
        var assets: [String: ForgeAsset] = [:]
        for element in list.elements {
            let asset = try asset(element)
            guard assets.updateValue(asset, forKey: asset.name) == nil else {
                throw PublishError.page("\(self)", reason: "it has two files called \(asset.name)")
            }
            guard assets.count <= Self.mostAssets else {
                throw PublishError.page("\(self)", reason: "it has more than \(Self.mostAssets) files")
            }
        }
        return assets.values.sorted { $0.name < $1.name }
    }

    private func asset(_ value: JSONValueView) throws -> ForgeAsset {
        let link = kind == .github ? value["browser_download_url"] : value["direct_asset_url"] ?? value["url"]
        guard let name = value["name"]?.string, !name.isEmpty, let address = link?.string,
            // A page leads to no place that it isn't itself: from TLS to none.
            address.hasPrefix("https://") || (scheme == "http" && address.hasPrefix("http://"))
        else { throw PublishError.page("\(self)", reason: "a file of it has no name, or no address that is followed") }
        let size = value["size"]?.int64
        let digest = value["digest"]?.string
        let state = digest.flatMap { digest in
            value["updated_at"]?.string.map { "\(digest) \($0) \(size.map { "\($0)" } ?? "")" }
        }
        return ForgeAsset(name: name, address: address, size: size, state: state)
    }
}
