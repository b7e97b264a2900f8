/// What a 32-bit ARM file says of the core it needs.
///
/// From the header's flags and the section `.ARM.attributes` (Addenda to, and errata in, the ABI for the Arm
/// architecture, "Build attributes"). Stripped files keep both; those of Go's own linker have no attributes.
package struct ARMFacts: Sendable, Equatable, Codable {
    /// The architecture version that the code needs: `v4` to `v9`; nil where the file doesn't say.
    package let architecture: String?
    /// How floating-point arguments are passed; nil where the file doesn't say.
    package let floatABI: FloatABI?

    /// How floating-point arguments are passed.
    package enum FloatABI: String, Sendable, Codable {
        /// In the floating-point unit's registers: `gnueabihf`.
        case hard
        /// In general registers: `gnueabi`.
        case soft
    }
}
