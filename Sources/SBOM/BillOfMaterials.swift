package import ContentAddress

/// What an image or a release consists of, without its list of files, which is as long as the image is large.
package struct BillOfMaterials: Sendable {
    /// What the bill is of.
    package struct Subject: Sendable {
        /// An image or a release.
        package enum Kind: String, Sendable {
            case image
            case release
        }

        package let kind: Kind
        /// The repository of an image, the name of a release.
        package let name: String
        /// The version of a release; an image has none but its digest.
        package let version: String?
        /// The digest of the manifest or index.
        package let digest: Digest
        package let purl: PackageURL?
        /// The platform that it was read for; nil for a release.
        package let platform: String?
        /// Package databases in it that weren't read.
        package var unread: [String] = []

        package init(
            kind: Kind,
            name: String,
            version: String? = nil,
            digest: Digest,
            purl: PackageURL? = nil,
            platform: String? = nil
        ) {
            self.kind = kind
            self.name = name
            self.version = version
            self.digest = digest
            self.purl = purl
            self.platform = platform
        }
    }

    /// Who made the bill, by version.
    package let toolVersion: String
    /// When it was made, in seconds since 1970.
    package let created: Int64
    package let subject: Subject
    /// What it is made of, in an order that depends on nothing but the content.
    package let components: [Component]
    /// Whether nothing else is in it.
    package let isComplete: Bool

    package init(
        toolVersion: String,
        created: Int64,
        subject: Subject,
        components: [Component],
        isComplete: Bool
    ) {
        self.toolVersion = toolVersion
        self.created = created
        self.subject = subject
        self.components = components
        self.isComplete = isComplete
    }
}

extension BillOfMaterials {
    /// A released file, a package, or what one of them was built from.
    package struct Component: Sendable {
        /// What it is, in the words of CycloneDX.
        package enum Kind: String, Sendable {
            case application
            case library
            case file
        }

        package let kind: Kind
        package let name: String
        package var version: String?
        package var purl: PackageURL?
        /// The digest of its bytes, where it is one file.
        package var digest: Digest?
        /// Where it stands in the image.
        package var paths: [String] = []
        /// Facts that the formats have no member for, by name.
        package var properties: [String: String] = [:]
        /// What is in it.
        package var parts: [Component] = []

        package init(kind: Kind, name: String, version: String? = nil, purl: PackageURL? = nil) {
            self.kind = kind
            self.name = name
            self.version = version
            self.purl = purl
        }
    }

    /// A regular file of an image's effective file system.
    package struct File: Sendable {
        /// Absolute; a name that isn't UTF-8 as `hex:` and the digits of the whole path.
        package let path: String
        package let digest: Digest
        /// SHA-1 of its bytes, which SPDX asks for.
        package let sha1: [UInt8]?
        /// Permission bits, octal.
        package let mode: String
        /// The uncompressed digest of the layer that brought it.
        package let layer: Digest?
        /// The position in ``BillOfMaterials/components`` of the one whose bytes it has.
        package let component: Int?

        package init(path: String, digest: Digest, sha1: [UInt8]?, mode: String, layer: Digest?, component: Int?) {
            self.path = path
            self.digest = digest
            self.sha1 = sha1
            self.mode = mode
            self.layer = layer
            self.component = component
        }
    }
}
