/// Reads a tar archive from bytes that are handed to it in pieces of any size.
///
/// It knows v7, ustar, star, PAX and GNU archives with long names and all forms of sparse files. It holds one block,
/// one extended header and one list of extents in memory, all bounded by ``Limits``; content passes through without a
/// copy. Where readers differ it reads as Go's archive/tar does, which the container engines unpack with.
///
///     var input = piece
///     while let event = try reader.next(&input) { … }      // nil: hand in the next piece
///     try reader.finish()                                   // after the last one
///
/// Not thread-safe; it never blocks.
package struct TarReader: ~Copyable {
    /// How much an archive may make the reader hold.
    package struct Limits: Sendable {
        /// Bytes of one PAX header or GNU long name; Go's archive/tar has the same limit.
        package var extensionSize: Int64 = 1 << 20
        /// Bytes of a path or link target: Linux' PATH_MAX.
        package var pathLength = 4096
        /// Extents of one sparse file.
        package var extents = 1 << 20

        /// The limits that suit container layers.
        package init() {}
    }

    /// How far it is, in bytes from the archive's start.
    package internal(set) var offset: Int64 = 0
    /// True once the two blocks of zeros have come.
    package var isAtEnd: Bool { if case .ended = state { true } else { false } }

    /// What a record of an extended header costs, in the steps of a ``WorkBudget``.
    static let stepsPerRecord: Int64 = 20
    // What reading headers and lists of extents cost, in steps, since it was asked for.
    var work: Int64 = 0

    enum State {
        case header
        case afterZeroBlock
        case extensionBody(TarExtension)
        case oldSparse(TarEntry)
        case sparseMap(TarEntry, SparseMapParser)
        case content
        case padding
        case ended
        case failed(TarError)
    }

    let limits: Limits
    let appliesGlobalHeaders: Bool
    var state = State.header
    var overlay = TarOverlay()
    var content = TarContent()
    private var block: TarBlockBuffer

    /// Starts at the beginning of an archive.
    ///
    /// `appliesGlobalHeaders` is what POSIX says. The container engines pass global headers over, so whoever wants to
    /// see what they see says false; ``TarEvent/globalHeader(_:)`` is reported in both cases.
    package init(limits: Limits = Limits(), appliesGlobalHeaders: Bool = true) {
        self.limits = limits
        self.appliesGlobalHeaders = appliesGlobalHeaders
        block = TarBlockBuffer()
    }

    /// Takes as much of the input as the next event needs, and drops it from `input`.
    ///
    /// Returns nil when all input is used up, or the archive has ended. Throws ``TarError`` for a damaged archive, the
    /// same one again at further calls.
    package mutating func next(_ input: inout UnsafeRawBufferPointer) throws(TarError) -> TarEvent? {
        do {
            return try step(&input)
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// Says that no more input comes.
    ///
    /// Throws ``TarError/Reason/truncated`` inside an entry; an archive without its two blocks of zeros, or without the
    /// padding of its last entry, is accepted, as Go does.
    package mutating func finish() throws(TarError) {
        switch state {
        case .header where block.isEmpty && overlay.start == nil, .afterZeroBlock where block.isEmpty, .padding, .ended:
            return
        case .failed(let error): throw error
        default: throw TarError(.truncated, at: offset)
        }
    }

    /// Counts what extended headers and lists of extents cost since the last call, which entries alone don't tell: an
    /// entry may have a million records.
    package mutating func count(in budget: WorkBudget) throws(WorkBudget.Spent) {
        guard work > 0 else { return }
        let steps = work
        work = 0
        try budget.take(steps, .steps)
    }

    /// Passes over what the archive still stores of the current entry, for those who can seek.
    ///
    /// Returns how many bytes of further input to leave out. No ``TarEvent/endOfEntry`` comes.
    package mutating func skipEntry() -> Int64 {
        guard case .content = state else { return 0 }
        let count = content.stored + content.padding
        offset += count
        state = .header
        return count
    }

    private mutating func step(_ input: inout UnsafeRawBufferPointer) throws(TarError) -> TarEvent? {
        while true {
            switch state {
            case .header:
                guard let bytes = takeBlock(&input) else { return nil }
                if let event = try readHeader(bytes) { return event }
            case .afterZeroBlock:
                guard let bytes = takeBlock(&input) else { return nil }
                guard TarHeaderBlock.isZero(bytes) else { throw TarError(.loneZeroBlock, at: offset - 1024) }
                state = .ended
                return .endOfArchive
            case .extensionBody(var body):
                // The state must not keep a second reference, or each piece would copy all bytes so far.
                state = .ended
                let isComplete = body.take(&input, &offset)
                guard isComplete else {
                    state = .extensionBody(body)
                    return nil
                }
                state = .header
                if let event = try finishExtension(body) { return event }
            case .oldSparse(let entry):
                guard let bytes = takeBlock(&input) else { return nil }
                if let event = try continueOldSparse(entry, bytes) { return event }
            case .sparseMap(let entry, var parser):
                guard let bytes = takeBlock(&input) else { return nil }
                state = .header
                if let event = try continueSparseMap(entry, &parser, bytes) { return event }
            case .content:
                if let event = content.next(&input, &offset) { return event }
                guard content.isComplete else { return nil }
                state = .padding
                return .endOfEntry
            case .padding:
                guard content.skipPadding(&input, &offset) else { return nil }
                state = .header
            case .ended:
                return nil
            case .failed(let error):
                throw error
            }
        }
    }

    private mutating func takeBlock(_ input: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        block.take(&input, &offset)
    }

    private mutating func readHeader(_ bytes: UnsafeRawBufferPointer) throws(TarError) -> TarEvent? {
        let start = offset - Int64(TarHeaderBlock.size)
        if TarHeaderBlock.isZero(bytes) {
            // Extended headers that belong to no entry are an archive cut short.
            guard overlay.start == nil else { throw TarError(.truncated, at: start) }
            state = .afterZeroBlock
            return nil
        }
        let header = try TarHeaderBlock(bytes, at: start)
        if overlay.start == nil { overlay.start = start }
        if header.isUnclear { overlay.oddities.insert(.unclearHeader) }
        if header.hasUnclearNumber { overlay.oddities.insert(.unclearNumber) }
        if let kind = TarExtension.Kind(rawValue: header.typeFlag) {
            let size = try header.size
            guard size >= 0 else { throw TarError(.size(size), at: start) }
            guard size <= limits.extensionSize else { throw TarError(.extensionTooLarge(size), at: start) }
            state = .extensionBody(TarExtension(kind: kind, size: Int(size), offset: offset))
            return nil
        }
        return try beginEntry(header)
    }
}
