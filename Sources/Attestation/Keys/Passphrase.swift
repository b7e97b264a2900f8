import COpenSSL

/// Hands OpenSSL a passphrase when it asks for one; without it OpenSSL would ask the terminal.
final class Passphrase {
    private let bytes: [UInt8]?
    /// Whether it was asked for.
    private(set) var isAsked = false

    init(_ bytes: [UInt8]?) { self.bytes = bytes }

    /// Answers OpenSSL; the last argument is an unretained ``Passphrase``.
    static let answer: @convention(c) (UnsafeMutablePointer<CChar>?, CInt, CInt, UnsafeMutableRawPointer?) -> CInt = {
        buffer,
        size,
        _,
        owner in
        guard let buffer, let owner else { return -1 }
        let passphrase = Unmanaged<Passphrase>.fromOpaque(owner).takeUnretainedValue()
        passphrase.isAsked = true
        guard let bytes = passphrase.bytes, bytes.count <= Int(size) else { return -1 }
        for (place, byte) in bytes.enumerated() { buffer[place] = CChar(bitPattern: byte) }
        return CInt(bytes.count)
    }

    /// Refuses: for what isn't encrypted.
    static let none: @convention(c) (UnsafeMutablePointer<CChar>?, CInt, CInt, UnsafeMutableRawPointer?) -> CInt = {
        _,
        _,
        _,
        _ in -1
    }
}
