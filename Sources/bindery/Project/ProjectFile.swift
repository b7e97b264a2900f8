import ImageAssembler
import ImageAuditor
import OCI
import Printable

/// A project's `bindery.yaml`: what calls in a work tree would say each time (docs/cli.md, "The project file").
struct ProjectFile: Equatable, Sendable {
    /// The name that is searched for.
    static let name = "bindery.yaml"
    /// No project file that people write is larger, in bytes.
    static let largestSize = 64 << 10

    /// Where it was read from.
    let path: String
    /// The store's directory.
    private(set) var store: String?
    /// The Dockerfile.
    private(set) var dockerfile: String?
    /// How files are named in a context.
    private(set) var naming: String?
    /// The platforms to build for.
    private(set) var platforms: [Platform] = []
    /// The policy that images are held to, where the file is named.
    private(set) var policy: String?

    private static let members = ["dockerfile", "naming", "platforms", "policy", "store"]

    /// Reads a file's text; relative paths in it start from its directory.
    ///
    /// Throws ``UsageError`` with file, line and member for what isn't known or doesn't parse.
    init(parsing text: String, path: String, directory: String) throws(UsageError) {
        self.path = path
        let document: PolicyDocument
        do { document = try PolicyDocument(parsing: text) } catch {
            throw UsageError(description: "\(path):\(error.line): \(error.reason)")
        }
        guard case .mapping(let members, _) = document else {
            throw UsageError(description: "\(path):\(document.line): 'member: value' is expected")
        }
        for (key, value) in members {
            do {
                switch key {
                case "store": store = try Self.absolute(value.oneText(), in: directory)
                case "dockerfile": dockerfile = try Self.absolute(value.oneText(), in: directory)
                case "policy": policy = try Self.absolute(value.oneText(), in: directory)
                case "naming":
                    naming = try value.oneText()
                    _ = try NamingTemplate(parsing: naming ?? "")
                case "platforms": platforms = try value.allTexts().map { try Platform(parsing: $0) }
                default:
                    let nearest = NearestName.of(key, in: Self.members).map { "; did you mean '\($0)'?" } ?? ""
                    throw UsageError(description: "there is no such member\(nearest)")
                }
            } catch {
                throw UsageError(description: "\(path):\(value.line): \(key): \(error)")
            }
        }
    }

    private static func absolute(_ path: String, in directory: String) throws(UsageError) -> String {
        guard path != "~", !path.hasPrefix("~/") else {
            throw UsageError(description: "'\(path)': no shell reads this, ~ is not a home directory: write the path")
        }
        return path.hasPrefix("/") ? path : directory + (directory.hasSuffix("/") ? "" : "/") + path
    }

    /// What it says, for people: `store /srv/store, naming {name}`.
    var summary: String {
        let values: [(String, String?)] = [
            ("store", store), ("dockerfile", dockerfile), ("naming", naming),
            ("platforms", platforms.isEmpty ? nil : platforms.map(\.description).joined(separator: ",")),
            ("policy", policy),
        ]
        return values.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    }
}

extension PolicyDocument {
    /// The one value that stands here.
    fileprivate func oneText() throws(UsageError) -> String {
        guard case .scalar(let text, _) = self, !text.isEmpty else {
            throw UsageError(description: "one value is expected")
        }
        return text
    }

    /// The values of a list that isn't empty.
    fileprivate func allTexts() throws(UsageError) -> [String] {
        guard case .list(let items, _) = self, !items.isEmpty else {
            throw UsageError(description: "a list of values is expected")
        }
        return try items.map { item throws(UsageError) in try item.oneText() }
    }
}
