/*++

    The C library routines that ntoskrnl exports and filters use.

--*/

#pragma once

#define _TRUNCATE ((size_t)-1)

FLTLAB_IMPORTS_NTOSKRNL

size_t __cdecl strlen(const char *string);
int __cdecl strcmp(const char *left, const char *right);
int __cdecl strncmp(const char *left, const char *right, size_t count);
int __cdecl _stricmp(const char *left, const char *right);
int __cdecl _strnicmp(const char *left, const char *right, size_t count);
char *__cdecl strcpy(char *destination, const char *source);
char *__cdecl strncpy(char *destination, const char *source, size_t count);
char *__cdecl strchr(const char *string, int character);
char *__cdecl strrchr(const char *string, int character);
char *__cdecl strstr(const char *string, const char *part);

size_t __cdecl wcslen(const wchar_t *string);
size_t __cdecl wcsnlen(const wchar_t *string, size_t count);
int __cdecl wcscmp(const wchar_t *left, const wchar_t *right);
int __cdecl wcsncmp(const wchar_t *left, const wchar_t *right, size_t count);
int __cdecl _wcsicmp(const wchar_t *left, const wchar_t *right);
int __cdecl _wcsnicmp(const wchar_t *left, const wchar_t *right, size_t count);
wchar_t *__cdecl wcscpy(wchar_t *destination, const wchar_t *source);
wchar_t *__cdecl wcsncpy(wchar_t *destination, const wchar_t *source, size_t count);
wchar_t *__cdecl wcscat(wchar_t *destination, const wchar_t *source);
wchar_t *__cdecl wcsncat(wchar_t *destination, const wchar_t *source, size_t count);
wchar_t *__cdecl wcschr(const wchar_t *string, wchar_t character);
wchar_t *__cdecl wcsrchr(const wchar_t *string, wchar_t character);
wchar_t *__cdecl wcsstr(const wchar_t *string, const wchar_t *part);
size_t __cdecl wcsspn(const wchar_t *string, const wchar_t *set);
wchar_t *__cdecl _wcslwr(wchar_t *string);
wchar_t *__cdecl _wcsupr(wchar_t *string);
int __cdecl wcscpy_s(wchar_t *destination, size_t count, const wchar_t *source);
int __cdecl wcscat_s(wchar_t *destination, size_t count, const wchar_t *source);
int __cdecl wcsncpy_s(wchar_t *destination, size_t size, const wchar_t *source, size_t count);
int __cdecl memcpy_s(void *destination, size_t size, const void *source, size_t count);
int __cdecl memmove_s(void *destination, size_t size, const void *source, size_t count);

wchar_t __cdecl towlower(wchar_t character);
wchar_t __cdecl towupper(wchar_t character);
int __cdecl tolower(int character);
int __cdecl toupper(int character);
int __cdecl isdigit(int character);
int __cdecl isspace(int character);
int __cdecl atoi(const char *string);

int __cdecl sprintf(char *buffer, const char *format, ...);
int __cdecl _snprintf(char *buffer, size_t count, const char *format, ...);
int __cdecl _vsnprintf(char *buffer, size_t count, const char *format, va_list arguments);
int __cdecl swprintf(wchar_t *buffer, const wchar_t *format, ...);
int __cdecl _snwprintf(wchar_t *buffer, size_t count, const wchar_t *format, ...);
int __cdecl _vsnwprintf(wchar_t *buffer, size_t count, const wchar_t *format, va_list arguments);

FLTLAB_IMPORTS_END
