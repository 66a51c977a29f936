; The installer for one user, without an administrator: `cargo xtask package --windows` runs makensis on it with
;   VERSION, VERSION4   0.1.0 and 0.1.0.0
;   FILES               a script with the macros InstallFiles and RemoveFiles, of what is installed
;   OUT, ICON, PICTURE  where the installer is written, its icon, and what stands beside its last page
;   KIBIBYTES           how much room it takes
;   DEBUG               packs quickly
;   SIGN                signs the uninstaller, if anything is signed; %1 is its name
;
; What administrators and scripts may say (docs/install.md):
;   /S                  asks nothing and shows nothing
;   /P                  shows only how far it is, as the program's own update wants it; /R opens the program afterwards
;   /DESKTOP /AUTOSTART /ADDPATH    the choices of its second page, =0 for no
;   /D=C:\Folder        another folder; the last argument
; Exit statuses: 0 installed; 1 cancelled; 3 a newer version is there; 4 the program is open and was not closed; 5 not a Windows for it.
; Nothing is fetched. What the user has (data folder, receipts, keyring) is neither touched nor removed.

Target amd64-unicode
Unicode true
ManifestSupportedOS all
ManifestDPIAware true
ManifestLongPathAware true
RequestExecutionLevel user
!ifdef DEBUG
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif
!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"' = 0
!endif
; Nothing of the moment and of the machine is in it.
SetDateSave off
CRCCheck on

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include WinVer.nsh
!include "${FILES}"

!define IDENTIFIER "no.momsbud.desktop"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${IDENTIFIER}"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define STARTUP_APPROVED "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define OWN "Software\Momsbud"
; Microsoft, "Distribute your app and the WebView2 Runtime": where its version stands.
!define WEBVIEW2 "Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
!define WEBVIEW2_PAGE "https://developer.microsoft.com/microsoft-edge/webview2/#download"
; Of the plugin that lets the program run once.
!define RUNNING "${IDENTIFIER}-sim"

Name "Momsbud"
OutFile "${OUT}"
BrandingText "Momsbud ${VERSION}"
InstallDir "$LOCALAPPDATA\Programs\Momsbud"
InstallDirRegKey HKCU "${OWN}" "Folder"
AllowSkipFiles off
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "${VERSION4}"
VIFileVersion "${VERSION4}"
!macro Information language
  VIAddVersionKey /LANG=${language} "ProductName" "Momsbud"
  VIAddVersionKey /LANG=${language} "ProductVersion" "${VERSION}"
  VIAddVersionKey /LANG=${language} "FileVersion" "${VERSION}"
  VIAddVersionKey /LANG=${language} "CompanyName" "Momsbud"
  VIAddVersionKey /LANG=${language} "FileDescription" "Momsbud setup"
  VIAddVersionKey /LANG=${language} "LegalCopyright" "2026 The Momsbud authors"
!macroend

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
; In twice the size that it has on a screen of 96 dots.
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURE}"
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\momsbud.exe"
!define MUI_FINISHPAGE_RUN_TEXT "$(OpenNow)"
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenPassive
!insertmacro MUI_PAGE_COMPONENTS
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenPassive
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenPassive
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

; The first is for everybody whose language is none of these.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Norwegian"
!insertmacro MUI_LANGUAGE "NorwegianNynorsk"
!insertmacro Information ${LANG_ENGLISH}
!insertmacro Information ${LANG_NORWEGIAN}
!insertmacro Information ${LANG_NORWEGIANNYNORSK}

!macro Text name nb nn en
  LangString ${name} ${LANG_NORWEGIAN} "${nb}"
  LangString ${name} ${LANG_NORWEGIANNYNORSK} "${nn}"
  LangString ${name} ${LANG_ENGLISH} "${en}"
!macroend
!insertmacro Text OpenNow "Åpne Momsbud" "Opne Momsbud" "Open Momsbud"
!insertmacro Text SectionProgram "Momsbud" "Momsbud" "Momsbud"
!insertmacro Text SectionDesktop "Ikon på skrivebordet" "Ikon på skrivebordet" "Icon on the desktop"
!insertmacro Text SectionAutostart "Start når jeg logger på Windows" "Start når eg loggar på Windows" "Start when I sign in to Windows"
!insertmacro Text SectionPath "momsbud-cli i PATH" "momsbud-cli i PATH" "momsbud-cli on PATH"
!insertmacro Text AboutProgram "Programmet, kommandolinjen og oppføringen i startmenyen." \
  "Programmet, kommandolinja og oppføringa i startmenyen." "The program, the command line and the entry in the start menu."
!insertmacro Text AboutDesktop "Et ikon på skrivebordet i tillegg." "Eit ikon på skrivebordet i tillegg." "An icon on the desktop as well."
!insertmacro Text AboutAutostart "Momsbud starter stille og minner om frister. Kan endres i programmets innstillinger." \
  "Momsbud startar stille og minner om fristar. Kan endrast i innstillingane til programmet." \
  "Momsbud starts quietly and reminds of deadlines. Can be changed in the program's settings."
!insertmacro Text AboutPath "Så kommandolinjen finnes i alle nye vinduer." "Så kommandolinja finst i alle nye vindauge." \
  "So that the command line is found in every new terminal."
!insertmacro Text Newer "Momsbud $0 er installert, og dette er den eldre versjonen ${VERSION}. En eldre versjon kan ikke lese dataene til en nyere." \
  "Momsbud $0 er installert, og dette er den eldre versjonen ${VERSION}. Ein eldre versjon kan ikkje lese dataa til ein nyare." \
  "Momsbud $0 is installed, and this is the older version ${VERSION}. An older version cannot read the data of a newer one."
!insertmacro Text IsOpen "Momsbud er åpent. Når du fortsetter, blir programmet bedt om å avslutte." \
  "Momsbud er ope. Når du held fram, blir programmet bede om å avslutte." \
  "Momsbud is open. When you go on, the program is asked to close."
!insertmacro Text StillOpen "Momsbud, eller kommandolinjen, er fortsatt i bruk. Lukk det, og prøv igjen." \
  "Momsbud, eller kommandolinja, er framleis i bruk. Lukk det, og prøv igjen." \
  "Momsbud, or its command line, is still in use. Close it and try again."
!insertmacro Text NoWebView "Momsbud er installert, men Microsoft Edge WebView2 mangler på denne maskinen. Vinduet til Momsbud tegnes med det.$\n$\nVil du åpne Microsofts side, der det kan lastes ned?" \
  "Momsbud er installert, men Microsoft Edge WebView2 manglar på denne maskina. Vindauget til Momsbud blir teikna med det.$\n$\nVil du opne sida til Microsoft, der det kan lastast ned?" \
  "Momsbud is installed, but this machine lacks Microsoft Edge WebView2, which draws its window.$\n$\nDo you want to open Microsoft's page, from which it can be downloaded?"
!insertmacro Text OldWindows "Momsbud trenger Windows 10 eller nyere, 64 bit." "Momsbud treng Windows 10 eller nyare, 64 bit." \
  "Momsbud needs Windows 10 or newer, 64 bit."
!insertmacro Text Left "Momsbud er fjernet. Det som er ditt, ligger der det lå:$\n$\n$APPDATA\${IDENTIFIER} (data og innstillinger)$\n$DOCUMENTS\Momsbud, eller mappen du har valgt (kvitteringer)$\n$\nKvitteringer skal oppbevares i fem år." \
  "Momsbud er fjerna. Det som er ditt, ligg der det låg:$\n$\n$APPDATA\${IDENTIFIER} (data og innstillingar)$\n$DOCUMENTS\Momsbud, eller mappa du har valt (kvitteringar)$\n$\nKvitteringar skal takast vare på i fem år." \
  "Momsbud has been removed. What is yours lies where it was:$\n$\n$APPDATA\${IDENTIFIER} (data and settings)$\n$DOCUMENTS\Momsbud, or the folder you chose (receipts)$\n$\nReceipts must be kept for five years."
!insertmacro Text Offer "Mva-melding" "Mva-melding" "VAT return"

Var Passive
Var Reopen

; ------------------------------------------------------------------ the user's PATH

; Longer than a string of NSIS's may be, so it never becomes one: it is read, looked at and written where Windows keeps it.
; Leaves in $0 the key, $1 whether it was found, $2 the kind of value, $3 ";PATH;", $4 where ";FOLDER;" stands in it or 0.
!macro Path un
Function ${un}OpenPath
  System::Call 'advapi32::RegOpenKeyExW(p 0x80000001, w "Environment", i 0, i 0x2001F, *p .r0) i .r1'
  ${If} $1 <> 0
    StrCpy $0 0
    Return
  ${EndIf}
  System::Call 'advapi32::RegQueryValueExW(p r0, w "Path", p 0, *i .r2, p 0, *i .r5) i .r1'
  ${If} $1 <> 0
    StrCpy $2 2
    StrCpy $5 0
  ${EndIf}
  ; Room for the separators and for what is added.
  IntOp $6 $5 + 4096
  System::Alloc $6
  Pop $3
  System::Call 'kernel32::lstrcpyW(p r3, w ";")'
  ${If} $1 = 0
    IntPtrOp $7 $3 + 2
    System::Call 'advapi32::RegQueryValueExW(p r0, w "Path", p 0, p 0, p r7, *i r5) i .r1'
    System::Call 'kernel32::lstrcatW(p r3, w ";")'
  ${EndIf}
  System::Call 'shlwapi::StrStrIW(p r3, w ";$INSTDIR;") p .r4'
  StrCpy $1 1
FunctionEnd

; Writes what lies behind the first separator, up to the last one.
Function ${un}WritePath
  System::Call 'kernel32::lstrlenW(p r3) i .r5'
  IntPtrOp $7 $3 + 2
  ${If} $5 > 1
    IntOp $6 $5 - 1
    IntOp $6 $6 * 2
    IntPtrOp $6 $3 + $6
    System::Call '*$6(&i2 0)'
    IntOp $5 $5 - 2
  ${Else}
    StrCpy $5 0
  ${EndIf}
  IntOp $5 $5 + 1
  IntOp $5 $5 * 2
  System::Call 'advapi32::RegSetValueExW(p r0, w "Path", i 0, i r2, p r7, i r5) i .r1'
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=5000
FunctionEnd

Function ${un}ClosePath
  System::Free $3
  System::Call 'advapi32::RegCloseKey(p r0)'
FunctionEnd

Function ${un}RemoveFromPath
  Call ${un}OpenPath
  ${If} $0 P<> 0
    ${If} $4 P<> 0
    ${AndIf} $2 <= 2
      ; What follows takes its place, beginning with its separator.
      StrLen $5 ";$INSTDIR"
      IntOp $5 $5 * 2
      IntPtrOp $5 $4 + $5
      System::Call 'kernel32::lstrlenW(p r5) i .r6'
      IntOp $6 $6 + 1
      IntOp $6 $6 * 2
      System::Call 'ntdll::RtlMoveMemory(p r4, p r5, p r6)'
      Call ${un}WritePath
    ${EndIf}
    Call ${un}ClosePath
  ${EndIf}
FunctionEnd
!macroend
!insertmacro Path ""
!insertmacro Path "un."

Function AddToPath
  Call OpenPath
  ${If} $0 P<> 0
    ${If} $4 P= 0
    ${AndIf} $2 <= 2
      System::Call 'kernel32::lstrcatW(p r3, w "$INSTDIR;")'
      Call WritePath
    ${EndIf}
    Call ClosePath
  ${EndIf}
FunctionEnd

; ------------------------------------------------------------------ a program that is open

!macro Closing un
; Asks the program to end and waits until it has; what cannot be replaced is not begun with.
Function ${un}CloseProgram
  StrCpy $R8 ""
again:
  ${IfNot} ${FileExists} "$INSTDIR\momsbud.exe"
    Return
  ${EndIf}
  System::Call 'kernel32::OpenMutexW(i 0x100000, i 0, w "${RUNNING}") p .r0'
  ${If} $0 P<> 0
    System::Call 'kernel32::CloseHandle(p r0)'
    ${If} $R8 == ""
    ${AndIf} $Passive <> 1
      MessageBox MB_OKCANCEL|MB_ICONINFORMATION "$(IsOpen)" /SD IDOK IDOK +3
      SetErrorLevel 1
      Quit
    ${EndIf}
    StrCpy $R8 "asked"
    ; Ends at once by itself: it only asks the one that runs, which may have to ask its user.
    ExecWait '"$INSTDIR\momsbud.exe" --quit'
    StrCpy $R9 0
    ${Do}
      Sleep 250
      System::Call 'kernel32::OpenMutexW(i 0x100000, i 0, w "${RUNNING}") p .r0'
      ${If} $0 P= 0
        ${Break}
      ${EndIf}
      System::Call 'kernel32::CloseHandle(p r0)'
      IntOp $R9 $R9 + 1
    ${LoopUntil} $R9 >= 120
  ${EndIf}
  ; The name is free a moment before the file is.
  StrCpy $R9 0
  ${Do}
    StrCpy $R7 ""
    !insertmacro InUse "momsbud.exe"
    !insertmacro InUse "momsbud-cli.exe"
    !insertmacro InUse "momsbud.dll"
    !insertmacro InUse "WebView2Loader.dll"
    ${If} $R7 == ""
      Return
    ${EndIf}
    Sleep 250
    IntOp $R9 $R9 + 1
  ${LoopUntil} $R9 >= 20
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(StillOpen)" /SD IDCANCEL IDRETRY again
  SetErrorLevel 4
  Quit
FunctionEnd
!macroend
!macro InUse name
  ${If} ${FileExists} "$INSTDIR\${name}"
    ClearErrors
    FileOpen $R6 "$INSTDIR\${name}" a
    ${If} ${Errors}
      StrCpy $R7 "${name}"
    ${Else}
      FileClose $R6
    ${EndIf}
  ${EndIf}
!macroend
!insertmacro Closing ""
!insertmacro Closing "un."

; ------------------------------------------------------------------ what is installed

!macro Scheme name
  WriteRegStr HKCU "Software\Classes\${name}" "" "URL:Momsbud"
  WriteRegStr HKCU "Software\Classes\${name}" "URL Protocol" ""
  WriteRegStr HKCU "Software\Classes\${name}\DefaultIcon" "" "$INSTDIR\momsbud.exe,0"
  WriteRegStr HKCU "Software\Classes\${name}\shell\open\command" "" '"$INSTDIR\momsbud.exe" "%1"'
!macroend

Section "$(SectionProgram)" Program
  SectionIn RO
  Call CloseProgram
  SetOutPath "$INSTDIR"
  SetOverwrite on
  !insertmacro InstallFiles
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\Momsbud.lnk" "$INSTDIR\momsbud.exe"
  Call NameShortcut

  ; Links that come home from the browser.
  !insertmacro Scheme "${IDENTIFIER}"
  !insertmacro Scheme "momsbud"
  ; Windows knows files by their ending alone, and .xml is everybody's: Momsbud is offered under "Open with", and takes nothing over.
  WriteRegStr HKCU "Software\Classes\Momsbud.File" "" "$(Offer)"
  WriteRegStr HKCU "Software\Classes\Momsbud.File" "FriendlyTypeName" "$(Offer)"
  WriteRegStr HKCU "Software\Classes\Momsbud.File\DefaultIcon" "" "$INSTDIR\momsbud.exe,0"
  WriteRegStr HKCU "Software\Classes\Momsbud.File\shell\open\command" "" '"$INSTDIR\momsbud.exe" "%1"'
  WriteRegStr HKCU "Software\Classes\.xml\OpenWithProgids" "Momsbud.File" ""
  WriteRegStr HKCU "Software\Classes\.zip\OpenWithProgids" "Momsbud.File" ""
  WriteRegStr HKCU "Software\Classes\Applications\momsbud.exe" "FriendlyAppName" "Momsbud"
  WriteRegStr HKCU "Software\Classes\Applications\momsbud.exe\shell\open\command" "" '"$INSTDIR\momsbud.exe" "%1"'
  WriteRegStr HKCU "Software\Classes\Applications\momsbud.exe\SupportedTypes" ".xml" ""
  WriteRegStr HKCU "Software\Classes\Applications\momsbud.exe\SupportedTypes" ".zip" ""
  ; Among the programs of Windows' own settings for what opens what.
  WriteRegStr HKCU "${OWN}\Capabilities" "ApplicationName" "Momsbud"
  WriteRegStr HKCU "${OWN}\Capabilities" "ApplicationDescription" "Files Norwegian VAT returns"
  WriteRegStr HKCU "${OWN}\Capabilities\FileAssociations" ".xml" "Momsbud.File"
  WriteRegStr HKCU "${OWN}\Capabilities\UrlAssociations" "${IDENTIFIER}" "${IDENTIFIER}"
  WriteRegStr HKCU "${OWN}\Capabilities\UrlAssociations" "momsbud" "momsbud"
  WriteRegStr HKCU "Software\RegisteredApplications" "Momsbud" "${OWN}\Capabilities"

  WriteRegStr HKCU "${OWN}" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "Momsbud"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\momsbud.exe,0"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "Momsbud"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "URLInfoAbout" "https://github.com/momsbud/momsbud"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KIBIBYTES}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section /o "$(SectionDesktop)" Desktop
  CreateShortcut "$DESKTOP\Momsbud.lnk" "$INSTDIR\momsbud.exe"
SectionEnd

; As the program's own switch writes and reads it.
Section /o "$(SectionAutostart)" Autostart
  WriteRegStr HKCU "${RUN}" "Momsbud" '"$INSTDIR\momsbud.exe" --hidden'
SectionEnd

Section /o "$(SectionPath)" OnPath
  Call AddToPath
SectionEnd

; What was chosen earlier, and now is not.
Section "-rest"
  ${IfNot} ${SectionIsSelected} ${Desktop}
    Delete "$DESKTOP\Momsbud.lnk"
  ${EndIf}
  ${IfNot} ${SectionIsSelected} ${Autostart}
    DeleteRegValue HKCU "${RUN}" "Momsbud"
  ${EndIf}
  ${IfNot} ${SectionIsSelected} ${OnPath}
    Call RemoveFromPath
  ${EndIf}
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  Call LookForWebView
  ${If} $Reopen = 1
    Exec '"$INSTDIR\momsbud.exe"'
  ${EndIf}
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${Program} "$(AboutProgram)"
  !insertmacro MUI_DESCRIPTION_TEXT ${Desktop} "$(AboutDesktop)"
  !insertmacro MUI_DESCRIPTION_TEXT ${Autostart} "$(AboutAutostart)"
  !insertmacro MUI_DESCRIPTION_TEXT ${OnPath} "$(AboutPath)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; Windows shows notifications under the name that a shortcut in the start menu carries (System.AppUserModel.ID).
Function NameShortcut
  System::Call 'shell32::SHGetPropertyStoreFromParsingName(w "$SMPROGRAMS\Momsbud.lnk", p 0, i 2, g "{886D8EEB-8CF2-4446-8D02-CDBA1DBDCF99}", *p .r0) i .r1'
  ${If} $1 = 0
    System::Call '*(&g16 "{9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3}", &i4 5) p .r2'
    System::Call '*(&i2 31, &i2 0, &i4 0, w "${IDENTIFIER}", p 0) p .r3'
    System::Call '$0->6(p r2, p r3) i .r1'
    System::Call '$0->7() i .r1'
    System::Call '$0->2()'
    System::Free $3
    System::Free $2
  ${EndIf}
FunctionEnd

; The program says so itself when its window cannot be opened; here it is said before.
Function LookForWebView
  ClearErrors
  SetRegView 32
  ReadRegStr $0 HKLM "SOFTWARE\${WEBVIEW2}" "pv"
  SetRegView 64
  ${If} $0 == ""
    ReadRegStr $0 HKCU "Software\${WEBVIEW2}" "pv"
  ${EndIf}
  ${If} $0 == ""
  ${OrIf} $0 == "0.0.0.0"
    ${If} $Passive <> 1
      MessageBox MB_YESNO|MB_ICONEXCLAMATION "$(NoWebView)" /SD IDNO IDNO +2
      ExecShell "open" "${WEBVIEW2_PAGE}"
    ${EndIf}
  ${EndIf}
FunctionEnd

; ------------------------------------------------------------------ before

Function SkipWhenPassive
  ${If} $Passive = 1
    Abort
  ${EndIf}
FunctionEnd

; A choice that was said in words: $1 is yes, "=0" is no, and otherwise it is as $2 says.
!macro Choice option section
  ClearErrors
  ${GetOptions} $R0 "/${option}" $1
  ${IfNot} ${Errors}
    ${If} $1 == "=0"
      !insertmacro UnselectSection ${section}
    ${Else}
      !insertmacro SelectSection ${section}
    ${EndIf}
  ${EndIf}
!macroend

Function .onInit
  SetRegView 64
  StrCpy $Passive 0
  StrCpy $Reopen 0
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/P" $1
  ${IfNot} ${Errors}
    StrCpy $Passive 1
    SetAutoClose true
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/R" $1
  ${IfNot} ${Errors}
    StrCpy $Reopen 1
  ${EndIf}
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(OldWindows)" /SD IDOK
    SetErrorLevel 5
    Quit
  ${EndIf}
  ReadRegStr $0 HKCU "${UNINSTALL}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} "$0" "${VERSION}" $1
    ${If} $1 = 1
      MessageBox MB_OK|MB_ICONSTOP "$(Newer)" /SD IDOK
      SetErrorLevel 3
      Quit
    ${EndIf}
    ; An upgrade keeps what is there.
    ${If} ${FileExists} "$DESKTOP\Momsbud.lnk"
      !insertmacro SelectSection ${Desktop}
    ${EndIf}
    ReadRegStr $1 HKCU "${RUN}" "Momsbud"
    ${If} $1 != ""
      !insertmacro SelectSection ${Autostart}
    ${EndIf}
    Call OpenPath
    ${If} $0 P<> 0
      ${If} $4 P<> 0
        !insertmacro SelectSection ${OnPath}
      ${EndIf}
      Call ClosePath
    ${EndIf}
  ${EndIf}
  !insertmacro Choice "DESKTOP" ${Desktop}
  !insertmacro Choice "AUTOSTART" ${Autostart}
  !insertmacro Choice "ADDPATH" ${OnPath}
FunctionEnd

; ------------------------------------------------------------------ removal

Function un.onInit
  SetRegView 64
  StrCpy $Passive 0
FunctionEnd

; What leads to this installation, and not to another one of the same machine.
!macro RemoveOwn key command
  ReadRegStr $0 HKCU "${key}\${command}" ""
  ${If} $0 == '"$INSTDIR\momsbud.exe" "%1"'
    DeleteRegKey HKCU "${key}"
  ${EndIf}
!macroend

Section "Uninstall"
  Call un.CloseProgram
  Delete "$SMPROGRAMS\Momsbud.lnk"
  Delete "$DESKTOP\Momsbud.lnk"
  Call un.RemoveFromPath
  ReadRegStr $0 HKCU "${RUN}" "Momsbud"
  ${If} $0 != ""
    DeleteRegValue HKCU "${RUN}" "Momsbud"
    DeleteRegValue HKCU "${STARTUP_APPROVED}" "Momsbud"
  ${EndIf}
  !insertmacro RemoveOwn "Software\Classes\${IDENTIFIER}" "shell\open\command"
  !insertmacro RemoveOwn "Software\Classes\momsbud" "shell\open\command"
  !insertmacro RemoveOwn "Software\Classes\Momsbud.File" "shell\open\command"
  !insertmacro RemoveOwn "Software\Classes\Applications\momsbud.exe" "shell\open\command"
  DeleteRegValue HKCU "Software\Classes\.xml\OpenWithProgids" "Momsbud.File"
  DeleteRegValue HKCU "Software\Classes\.zip\OpenWithProgids" "Momsbud.File"
  DeleteRegKey /ifempty HKCU "Software\Classes\.xml\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "Software\Classes\.xml"
  DeleteRegKey /ifempty HKCU "Software\Classes\.zip\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "Software\Classes\.zip"
  DeleteRegKey /ifempty HKCU "Software\Classes\Applications"
  DeleteRegValue HKCU "Software\RegisteredApplications" "Momsbud"
  DeleteRegKey HKCU "${OWN}"
  DeleteRegKey HKCU "${UNINSTALL}"
  !insertmacro RemoveFiles
  Delete "$INSTDIR\uninstall.exe"
  ; Only when nothing else lies in it.
  RMDir "$INSTDIR"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  MessageBox MB_OK|MB_ICONINFORMATION "$(Left)" /SD IDOK
SectionEnd
