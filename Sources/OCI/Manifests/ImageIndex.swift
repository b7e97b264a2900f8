import ContentAddress
import JSON
import Printable

/// A list of manifests, one for each platform (OCI image specification 1.1, image-index.md).
package struct ImageIndex: Hashable, Sendable, Codable {
    /// Always 2.
    package var schemaVersion: Int
    /// ``MediaType/imageIndex`` or Docker's manifest list; older OCI indexes leave it out.
    package var mediaType: String?
    /// What kind of artifact it is, when it is not an image.
    package var artifactType: String?
    package var manifests: [Descriptor]
    /// The manifest that this one speaks of.
    package var subject: Descriptor?
    /// Free annotations.
    package var annotations: [String: String]?
    /// Members whose digests are of other algorithms, which nobody here can read.
    package private(set) var foreignMembers: [ForeignMember] = []

    private enum CodingKeys: String, CodingKey {
        case schemaVersion, mediaType, artifactType, manifests, subject, annotations
    }

    /// An index of this specification.
    package init(manifests: [Descriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = MediaType.imageIndex
        self.manifests = manifests
        self.annotations = annotations
    }
}

extension ImageIndex {
    /// A member that is named by a digest of another algorithm, such as `sha512:…`.
    package struct ForeignMember: Hashable, Sendable, Decodable {
        /// The digest as it is written.
        package let digest: String
        /// What the member is.
        package let mediaType: String
        /// For what platform it is, as far as that is one.
        package let platform: Platform?
        /// Free annotations.
        package let annotations: [String: String]?
    }

    private enum Member: Decodable {
        case own(Descriptor)
        case foreign(ForeignMember)

        init(from decoder: any Decoder) throws {
            let members = try JSONMemberReader(decoder)
            self =
                Digest.isForeign(try members.decode(String.self, forKey: Descriptor.CodingKeys.digest))
                ? .foreign(try ForeignMember(from: decoder)) : .own(try Descriptor(from: decoder))
        }
    }

    /// Reads an index.
    ///
    /// A subject isn't followed, so that one with a digest of another algorithm is none. A schema version that is missing
    /// is 2, as to engines.
    package init(from decoder: any Decoder) throws {
        let members = try JSONMemberReader(decoder)
        schemaVersion = try members.decodeIfPresent(Int.self, forKey: CodingKeys.schemaVersion) ?? 2
        mediaType = try members.decodeIfPresent(String.self, forKey: CodingKeys.mediaType)
        artifactType = try members.decodeIfPresent(String.self, forKey: CodingKeys.artifactType)
        manifests = []
        for member in try members.decode([Member].self, forKey: CodingKeys.manifests) {
            switch member {
            case .own(let descriptor): manifests.append(descriptor)
            case .foreign(let member): foreignMembers.append(member)
            }
        }
        subject = try? members.decodeIfPresent(Descriptor.self, forKey: CodingKeys.subject)
        annotations = try members.texts(CodingKeys.annotations)
    }
}

extension ImageIndex.ForeignMember {
    /// Reads what is needed to name the member.
    package init(from decoder: any Decoder) throws {
        let members = try JSONMemberReader(decoder)
        digest = try members.decode(String.self, forKey: Descriptor.CodingKeys.digest)
        mediaType = try members.decode(String.self, forKey: Descriptor.CodingKeys.mediaType)
        platform = try Descriptor.platform(in: members)
        annotations = try members.texts(Descriptor.CodingKeys.annotations)
    }
}

extension ImageIndex.ForeignMember: CustomStringConvertible {
    /// What is wrong with it, for messages.
    package var description: String {
        let place = platform.map { " for \($0)" } ?? ""
        let words: Message =
            "its member '\(digest, limit: 160)'\(place) can't be read: digests are read in sha256 alone"
        return words.text
    }
}

extension Digest {
    /// Whether a text is a digest by the grammar, of another algorithm than ours (OCI image specification 1.1,
    /// descriptor.md, "Digests").
    fileprivate static func isForeign(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), text[..<colon] != "sha256" else { return false }
        let isAlgorithm = text[..<colon].utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "+._-".utf8.contains(byte)
            }
        }
        let encoded = text[text.index(after: colon)...].utf8
        return isAlgorithm && colon > text.startIndex && !encoded.isEmpty
            && encoded.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "=_-".utf8.contains(byte)
                }
            }
    }
}
