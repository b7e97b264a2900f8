import Foundation

/// What `bindery identify --inside --json` prints of one file, as far as a page shows it (docs/cli.md, "identify").
struct Identified: Decodable {
    struct Key: Decodable {
        let name: String
        let version: String
        let platform: String
        let file: String
    }

    struct Packed: Decodable {
        let name: String
        let version: String
        let platform: String
        let fileName: String
    }

    struct Near: Decodable {
        let artifacts: [Key]
        let evidence: [String]
    }

    struct Alike: Decodable {
        let artifacts: [Key]
        let thousandths: Int
    }

    struct Member: Decodable {
        let path: String
        let digest: String
        let artifacts: [Key]
    }

    struct Image: Decodable {
        struct Part: Decodable {
            let platform: String
            let verdict: String?
        }

        struct Origin: Decodable {
            let name: String
            let version: String
        }

        let verdict: String?
        let platforms: [Part]
        let releases: [Origin]
    }

    struct Inside: Decodable {
        let files: Int
        let released: [Member]
        let problem: String?
        let image: Image?
    }

    let digest: String
    let size: Int64?
    let artifacts: [Key]
    let near: [Near]
    let alike: [Alike]
    let packedArchives: [Packed]
    let withdrawn: [Key]
    let inside: Inside?

    private struct List: Decodable {
        let files: [Identified]
    }

    /// The one file of a document.
    init(json bytes: [UInt8]) throws {
        guard let file = try JSONDecoder().decode(List.self, from: Data(bytes)).files.first else {
            throw APIProblem.failure
        }
        self = file
    }
}
