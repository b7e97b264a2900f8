extension ForeignProgram {
    /// One program in the file, and what brings it together with other builds of it.
    package struct Slice: Sendable, Equatable {
        /// A section that has bytes in the file.
        package struct Section: Sendable, Equatable {
            /// The name, in Mach-O behind its segment's: `.text`, `__TEXT,__text`.
            package let name: String
            /// Where its bytes stand in the whole file, inside it for sure.
            package let fileRange: Range<Int>
        }

        /// What it is for.
        package let target: Target
        /// The linker's identifier in the order of the file's bytes: the UUID of Mach-O (LC_UUID), the GUID and age of
        /// PE's debug information (RSDS); nil where it has none, or nothing but zeros.
        package var buildID: [UInt8]?
        /// What the Go linker recorded.
        package var goBuildInfo: GoBuildInfo?
        /// The sections in their order; none where the table of them is damaged.
        package var sections: [Section] = []
        /// The section with the machine code.
        package var codeSection = ".text"

        init(target: Target) {
            self.target = target
        }
    }
}
