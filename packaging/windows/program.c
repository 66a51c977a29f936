/* momsbud.exe and momsbud-cli.exe (with COMMAND_LINE) as Windows' installers bring them.
 *
 * Window and command line have nearly all of their code in common, so it is installed once, in momsbud.dll, and each of these only
 * begins it. Two programs they stay, since Windows decides by the program's file whether it has a console: in the one the command
 * line is at home as any other (cmd.exe and PowerShell wait for it and have its status, pipes, Ctrl-C and passwords are its own),
 * and beside the other there is none. Which of them it is the library sees by the program's name (src-tauri/src/main.rs).
 *
 * The library is the one beside the program, by its whole path, and so is what it needs itself or else Windows' own: none of the
 * current folder or of PATH. The C library is not used, nor is anything allocated. */

#include <windows.h>

#define LIBRARY L"momsbud.dll"
#define LONGEST 32768

static WCHAR path[LONGEST];
static WCHAR said[512];

static const WCHAR *missing(void)
{
    /* As the installer: Norwegian in both forms, and English for everybody else. */
    LANGID language = GetUserDefaultUILanguage();
    if (PRIMARYLANGID(language) != LANG_NORWEGIAN)
        return L"Momsbud is not complete: momsbud.dll, which lies beside the program, cannot be opened (Windows: %1!u!). "
               L"Install Momsbud again. What you have filed and your receipts are not affected.";
    if (SUBLANGID(language) == SUBLANG_NORWEGIAN_NYNORSK)
        return L"Momsbud er ikkje komplett: momsbud.dll, som ligg ved sida av programmet, kan ikkje opnast (Windows: %1!u!). "
               L"Installer Momsbud på nytt. Det du har sendt inn, og kvitteringane dine er ikkje rørte.";
    return L"Momsbud er ikke komplett: momsbud.dll, som ligger ved siden av programmet, kan ikke åpnes (Windows: %1!u!). "
           L"Installer Momsbud på nytt. Det du har sendt inn, og kvitteringene dine er ikke berørt.";
}

#ifdef COMMAND_LINE
#define STATUS 2

static void say(void)
{
    static const WCHAR name[] = L"momsbud-cli: ";
    static char utf8[4 * 512];
    HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
    DWORD mode, written;
    if (GetConsoleMode(out, &mode)) {
        WriteConsoleW(out, name, lstrlenW(name), &written, NULL);
        WriteConsoleW(out, said, lstrlenW(said), &written, NULL);
        WriteConsoleW(out, L"\r\n", 2, &written, NULL);
        return;
    }
    WriteFile(out, "momsbud-cli: ", 13, &written, NULL);
    int length = WideCharToMultiByte(CP_UTF8, 0, said, lstrlenW(said), utf8, sizeof utf8, NULL, NULL);
    WriteFile(out, utf8, (DWORD)length, &written, NULL);
    WriteFile(out, "\r\n", 2, &written, NULL);
}
#else
#define STATUS 1

static void say(void)
{
    MessageBoxW(NULL, said, L"Momsbud", MB_OK | MB_ICONERROR);
}
#endif

/* The library beside the program, or NULL. */
static HMODULE beside(void)
{
    DWORD length = GetModuleFileNameW(NULL, path, LONGEST);
    if (length == 0 || length + sizeof LIBRARY / sizeof(WCHAR) >= LONGEST) {
        SetLastError(ERROR_BUFFER_OVERFLOW);
        return NULL;
    }
    while (length > 0 && path[length - 1] != L'\\')
        length--;
    lstrcpyW(path + length, LIBRARY);
    return LoadLibraryExW(path, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
}

void start(void)
{
    typedef int (*Begin)(int, char **);
    HMODULE library = beside();
    Begin begin = library ? (Begin)(void *)GetProcAddress(library, "momsbud") : NULL;
    if (begin == NULL) {
        DWORD_PTR error = GetLastError();
        FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, missing(), 0, 0, said,
                       sizeof said / sizeof(WCHAR), (va_list *)&error);
        say();
        ExitProcess(STATUS);
    }
    /* Rust asks Windows for the arguments itself. */
    ExitProcess((UINT)begin(0, NULL));
}
