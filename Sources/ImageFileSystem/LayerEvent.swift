package import Archive

/// What applying a layer did beyond adding new names, for an audit to evaluate.
package enum LayerEvent {
    /// A name was replaced by another thing; of two directories what is in the first one stays.
    case replaced(FilePath, old: Inode, new: Inode)
    /// A name was taken away by a whiteout, or because a file took its directory's place.
    case removed(FilePath, old: Inode)
    /// The layer has two entries for one name; harmless where it doesn't matter which of them is taken.
    case duplicate(FilePath, isHarmless: Bool)
    /// An entry that engines refuse or that can't be applied.
    case refused(FilePath, Refusal)
    /// An invalid whiteout: with content, of a name that can't be, or of something the same layer has.
    case oddWhiteout(FilePath, reason: String)
    /// Readers of tar archives take the entry in different ways.
    case odd(FilePath, TarOddities)
    /// An extended attribute that belongs to a storage driver.
    case reserved(FilePath, attribute: [UInt8])
    /// The layer has things in a directory that lower layers gave other metadata than usual, and no entry for it: some
    /// engines that stack take those, others the usual ones.
    case implied(FilePath, Inode)
    /// The layer makes a directory that no entry describes below one with the set-group-id bit, or below one that its own
    /// entry gives to somebody or lets others write to: engines hand all of that on, a part, or nothing.
    case inherited(FilePath)
    /// A hard link takes permissions from its file, which are what is given; some engines leave them as they were.
    case narrowed(FilePath, from: UInt32, to: UInt32)
    /// Engines make different things of the layer.
    case differs(ReadingDifference)

    /// Why an entry was not applied.
    package enum Refusal: Equatable {
        /// Its path leads out of the root.
        case outside
        /// A directory of its path is not a directory.
        case parent
        /// Too many symbolic links on its path.
        case links
        /// A hard link to what isn't there, or to a directory.
        case link([UInt8])
        /// A type that no engine makes.
        case type(UInt8)
        /// The tree is full or too deep, or the links on its path are too long.
        case limit
    }
}

/// A place where engines that unpack all layers into one directory (*flat*) show something else than engines that
/// unpack each layer into a directory of its own and stack those (*stacked*).
package struct ReadingDifference: Equatable, Sendable {
    /// Where.
    package let path: FilePath
    /// What is there for engines that unpack into one directory.
    package let flat: String
    /// What is there for engines that stack.
    package let stacked: String

    package init(_ path: FilePath, flat: String, stacked: String) {
        self.path = path
        self.flat = flat
        self.stacked = stacked
    }
}
