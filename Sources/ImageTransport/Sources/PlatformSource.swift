package import ContentAddress
package import OCI
package import SystemIO

/// The image for one platform of an index, wherever that is.
package struct PlatformSource: ImageSource {
    /// The reference that the whole was opened by.
    package let name: String
    /// What the index says of the platform's image.
    package let listing: ImageListing
    private let whole: any ImageSource
    private let top: ImageDocument

    /// Chooses from an image; one of a single platform must be for this one.
    ///
    /// Throws ``TransportError/notFound(what:place:)``, which lists what is there, and
    /// ``TransportError/ambiguous(place:choices:)`` for an index with several images for the platform.
    package init(_ whole: any ImageSource, platform: Platform) throws(TransportError) {
        self.whole = whole
        name = whole.name
        let root = try whole.root()
        guard MediaType.isIndex(root.mediaType) else {
            let config = try whole.document(root.manifest().config).config()
            let own = try? config.platform
            guard own == platform || own == nil && config.saysNothing(against: platform) else {
                throw Self.nothing(platform, own.map { [$0] } ?? [], whole.name)
            }
            top = root
            listing = whole.listing
            return
        }
        let members = try IndexMembers.all(of: whole)
        let chosen = members.filter { $0.platform == platform && MediaType.isManifest($0.mediaType) }
        guard let first = chosen.first else { throw Self.nothing(platform, members.compactMap(\.platform), whole.name) }
        guard chosen.allSatisfy({ $0.digest == first.digest }) else {
            throw .ambiguous(place: "\(whole.name) for \(platform)", choices: chosen.map { "\($0.digest)" })
        }
        do throws(TransportError) {
            top = try whole.document(first)
        } catch {
            throw error.naming("the image for \(platform)", isInIndex: false)
        }
        listing = ImageListing(member: first.digest, ofIndex: root.bytes)
    }

    private static func nothing(_ platform: Platform, _ has: [Platform], _ place: String) -> TransportError {
        .absent("image for \(platform)", from: place, whichHas: Set(has).sorted().map(\.description))
    }

    /// The platform's manifest.
    package func root() -> ImageDocument { top }

    /// Opens a blob of the whole.
    package func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
        try whole.open(descriptor)
    }

    /// What the whole can't be believed in.
    package var notes: ContainerNotes {
        var notes = ContainerNotes()
        notes.ambiguities = whole.notes.ambiguities
        return notes
    }

    /// What the whole's place lists.
    package func hasReferrer(to digest: Digest, ofType type: String) throws(TransportError) -> Bool {
        try whole.hasReferrer(to: digest, ofType: type)
    }

    /// What the whole's place lists.
    package func referrers(to subject: Descriptor) throws(TransportError) -> [Descriptor] {
        try whole.referrers(to: subject)
    }

    /// What tags of the whole's place attach.
    package func tagged(_ subject: Descriptor) throws(TransportError) -> [Descriptor] { try whole.tagged(subject) }

    /// A file of the whole.
    package func verifiedFile(_ descriptor: Descriptor) throws(TransportError) -> File? {
        try whole.verifiedFile(descriptor)
    }

    /// What the whole couldn't read.
    package var unread: [UnreadPath] { whole.unread }
}
