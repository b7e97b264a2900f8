import CBuildVersion

enum ProgramVersion {
    /// As it was set when the program was built, without a leading "v".
    static var text: String { String(cString: build_version()) }
}
