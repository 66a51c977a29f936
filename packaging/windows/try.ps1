# Tries on a real Windows what could not be tried without one (docs/install.md), in ten minutes, and writes down what came of it.
#
#   powershell -ExecutionPolicy Bypass -File try.ps1 -Setup .\Momsbud_VERSION_x64-setup.exe
#
# Nothing is sent anywhere: practice runs on this computer alone. Without -Setup what is installed already is tried. Written in ASCII:
# Windows' own PowerShell takes a file without a byte order mark for the machine's code page.
param(
    [string] $Setup = "",
    [string] $Report = "$env:USERPROFILE\momsbud-try.txt"
)

$ErrorActionPreference = "Stop"
# What the command line writes to a program that reads it.
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$folder = "$env:LOCALAPPDATA\Programs\Momsbud"
$forAll = $false
if ($Setup -eq "" -and -not (Test-Path "$folder\momsbud.exe")) {
    $folder = "$env:ProgramFiles\Momsbud"
    $forAll = $true
    if (-not (Test-Path "$folder\momsbud.exe")) {
        Write-Host "Momsbud is not installed. Install it, or name its installer: -Setup .\Momsbud_VERSION_x64-setup.exe"
        exit 2
    }
}
$lines = New-Object System.Collections.Generic.List[string]
$failed = 0
$ae = [string] [char] 0xE6
$oe = [string] [char] 0xF8
$aa = [string] [char] 0xE5

function Say([string] $line) { $script:lines.Add($line); Write-Host $line }

# What a machine can see for itself.
function Look([string] $what, [scriptblock] $test) {
    try { $found = & $test } catch { $found = $false; Say "     $($_.Exception.Message)" }
    if ($found) { Say "ok   $what" } else { Say "NOT  $what"; $script:failed++ }
}

# What only a person can see.
function Ask([string] $do, [string] $question) {
    Write-Host ""
    Write-Host $do
    do { $answer = Read-Host "$question [y/n, s to skip]" } until ($answer -match "^[yjns]")
    switch -Regex ($answer) {
        "^[yj]" { Say "ok   $question" }
        "^s" { Say "-    $question (skipped)" }
        "^n" { Say "NOT  $question"; $script:failed++ }
    }
}

# Everything that the command line prints, and in $LASTEXITCODE how it ended. Windows' own PowerShell stops at the first line of another
# program's standard error where errors stop it.
function Run([string[]] $arguments) {
    $ErrorActionPreference = "Continue"
    (& $cli @arguments 2>&1 | ForEach-Object { "$_" }) -join "`n"
}

$system = Get-CimInstance Win32_OperatingSystem
Say "Momsbud on $($system.Caption) $($system.Version), $env:PROCESSOR_ARCHITECTURE, $((Get-Culture).Name), $(Get-Date -Format s)"

if ($Setup -ne "") {
    $Setup = (Resolve-Path -LiteralPath $Setup).ProviderPath
    $signature = Get-AuthenticodeSignature -LiteralPath $Setup
    Say "     signature of the installer: $($signature.Status) $($signature.SignerCertificate.Subject)"
    $installer = Start-Process -FilePath $Setup -ArgumentList "/S", "/ADDPATH" -Wait -PassThru
    Look "installed silently (status $($installer.ExitCode))" { $installer.ExitCode -eq 0 }
}

$cli = "$folder\momsbud-cli.exe"
$webview = "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
$version = @("HKLM:\SOFTWARE\WOW6432Node\$webview", "HKCU:\Software\$webview") |
    ForEach-Object { (Get-ItemProperty $_ -ErrorAction SilentlyContinue).pv } | Where-Object { $_ } | Select-Object -First 1
Say "     WebView2: $version"
Look "WebView2 is there" { $version -and $version -ne "0.0.0.0" }
Look "both programs say their version in their properties" {
    (Get-Item "$folder\momsbud.exe").VersionInfo.ProductName -eq "Momsbud" -and (Get-Item "$cli").VersionInfo.ProductName -eq "Momsbud"
}
foreach ($name in "momsbud.exe", "momsbud-cli.exe", "momsbud.dll") {
    Say "     signature of ${name}: $((Get-AuthenticodeSignature -LiteralPath "$folder\$name").Status)"
}
foreach ($scheme in "momsbud", "no.momsbud.desktop") {
    Look "${scheme}: opens this installation" {
        $command = (Get-ItemProperty "Registry::HKEY_CLASSES_ROOT\$scheme\shell\open\command").'(default)'
        $command -eq "`"$folder\momsbud.exe`" `"%1`""
    }
}
if ($Setup -ne "") {
    Look "momsbud-cli is on the PATH of new programs" {
        [Environment]::GetEnvironmentVariable("Path", "User").Split(";") -contains $folder
    }
    Look "Windows' list of programs has it, once" {
        $key = "HKCU:\Software\Microsoft\Windows\CurrentVersion\Uninstall\no.momsbud.desktop"
        (Get-ItemProperty $key).DisplayName -eq "Momsbud"
    }
}
Look "momsbud-cli starts" { (Run @("--version")) -match "momsbud-cli" }
Look "a program that waits for momsbud-cli has its status" {
    Run @("check", "$folder\none.xml") | Out-Null
    $LASTEXITCODE -eq 2
}
Say "     momsbud-cli doctor says:"
(Run @("doctor", "--offline", "--lang", "en")) -split "`n" | ForEach-Object { Say "       $_" }

# What stands in place of a return is none: what is looked at is that it was read, wherever it lies.
$short = Join-Path $env:TEMP "Momsbud pr${oe}ve"
$deep = $short + "\" + ("en mappe med et langt navn p$aa norsk\" * 8)
$return = "melding $ae$oe$aa.xml"
Look "a file below a path of more than 260 letters is read as any other" {
    New-Item -ItemType Directory -Force $short | Out-Null
    [IO.File]::WriteAllText("$short\$return", "<melding/>")
    # Of what every Windows has, this makes folders of such a depth.
    robocopy $short $deep.TrimEnd("\") $return | Out-Null
    $near = (Run @("check", "$short\$return", "--lang", "en")).Replace("$short\", "")
    $far = (Run @("check", "$deep$return", "--lang", "en")).Replace($deep, "")
    $nowhere = (Run @("check", "$short\none.xml", "--lang", "en")).Replace("$short\none.xml", $return)
    $far -eq $near -and $near -ne $nowhere
}
foreach ($name in "CON", "NUL", "COM1") {
    Look "check $name ends by itself" {
        $process = Start-Process -FilePath $cli -ArgumentList "check", $name -PassThru -WindowStyle Hidden
        $ended = $process.WaitForExit(20000)
        if (-not $ended) { $process.Kill() }
        $ended
    }
}
Look "a file that another program keeps to itself is no return, and is one afterwards" {
    $open = [IO.File]::Open("$short\$return", "Open", "Read", "None")
    try { $kept = Run @("check", "$short\$return", "--lang", "en") } finally { $open.Close() }
    $kept -ne (Run @("check", "$short\$return", "--lang", "en"))
}
Look "what administrators decide lies where only they can write" {
    $place = "$env:ProgramData\Momsbud"
    if (-not (Test-Path $place)) { -not $forAll } else {
        $acl = Get-Acl $place
        $trusted = "S-1-5-18", "S-1-5-32-544", "S-1-3-0"
        $writing = [Security.AccessControl.FileSystemRights] "Write, Delete, DeleteSubdirectoriesAndFiles, ChangePermissions, TakeOwnership"
        $others = $acl.Access | Where-Object {
            $_.AccessControlType -eq "Allow" -and ($_.FileSystemRights -band $writing) -and
            $_.IdentityReference.Translate([Security.Principal.SecurityIdentifier]).Value -notin $trusted
        }
        Say "     $($acl.Sddl)"
        $acl.Sddl -match "^O:(BA|SY)" -and -not $others
    }
}

Start-Process -FilePath "$folder\momsbud.exe"
Ask "The window opens. Choose practice, sign in and file a sample return." "was the return filed, with a receipt?"
Ask "Did the browser open by itself, and did the window come to the front afterwards?" "did the way back from the browser work?"
Ask "Drag a return from Explorer onto the window." "was it taken?"
Ask "Open a receipt from the history." "did it open in the program for PDFs?"
Ask "Move the window to a screen with another scale, or change the scale." "is everything sharp and in its place?"
Ask "Start the screen reader (Ctrl+Win+Enter) and go through the window with Tab." "are fields and buttons read?"
Ask "Innstillinger: keep running in the tray. Close the window, then click the icon beside the clock." "did the window come back?"
Ask "Innstillinger: reminders, show one now." "was there a notification with Momsbud's name and picture?"
Ask "Right-click a return in Explorer, Open with." "is Momsbud offered?"
Ask "Innstillinger: start with Windows. Sign out and in again." "is it in the tray?"
Ask "Start the installer again while the window is open." "was it asked to close, and replaced?"

Remove-Item -LiteralPath "\\?\$short" -Recurse -Force -ErrorAction SilentlyContinue
Say ""
Say $(if ($failed -eq 0) { "Everything as it should be." } else { "$failed not as they should be." })
# With a byte order mark, so that every editor reads it as what it is.
[IO.File]::WriteAllLines($Report, $lines, (New-Object Text.UTF8Encoding $true))
Write-Host "Written to $Report"
exit [Math]::Min($failed, 1)
